import { headers } from "next/headers";
import type { ReactNode } from "react";
import { recordDeniedRequest } from "#lib/audit/index.ts";
import { findViewer } from "#lib/auth/index.ts";
import { confinedDeps } from "#lib/confined-deps.ts";
import { getDeps } from "#lib/deps.ts";

/**
 * A page of which every denial is recorded, as a route's are: what its verbs refuse to this reader, and a conversation
 * that there is, but not for them.
 * @param route its address with its parameters by name: `/c/[id]`
 */
export function tellingDenials<Props extends object>(
  route: string,
  page: (props: Props) => Promise<ReactNode>,
): (props: Props) => Promise<ReactNode> {
  return async (props) => {
    try {
      return await page(props);
    } catch (error) {
      await tell(route, props, error);
      throw error;
    }
  };
}

/** What was denied stays denied, also when it cannot be recorded. */
async function tell(route: string, props: { params?: Promise<object> }, error: unknown): Promise<void> {
  // `found` turns an error of ours into one of the framework's, and keeps it as the cause.
  const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const deps = await getDeps();
  try {
    const viewer = await findViewer(deps, await headers());
    if (!viewer) return;
    const params = { ...(await props.params) };
    await recordDeniedRequest(confinedDeps(deps, viewer), viewer, { route: `GET ${route}`, params }, reason);
  } catch (failure) {
    deps.log.warn({ err: failure }, "a denial could not be recorded");
  }
}
