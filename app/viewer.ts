import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { findSession, mustChoosePassword, type Viewer } from "#lib/auth/index.ts";
import { confinedDeps } from "#lib/confined-deps.ts";
import { type Deps, getDeps } from "#lib/deps.ts";

/** Who reads this page; one who is not signed in is sent to do so and brought back to `path`. */
export async function viewerOrSignIn(path: string): Promise<{ deps: Deps; viewer: Viewer }> {
  const deps = await getDeps();
  const session = await findSession(deps, await headers());
  if (!session) redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
  if (mustChoosePassword(deps.env, session)) redirect("/account/password");
  const { viewer } = session;
  return { deps: confinedDeps(deps, viewer), viewer };
}
