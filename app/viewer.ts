import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { findSession, firstStepOf, type Viewer, viewerOf } from "#lib/auth/index.ts";
import { confinedDeps } from "#lib/confined-deps.ts";
import { type Deps, getDeps } from "#lib/deps.ts";

/**
 * Who reads this page; one who is not signed in is sent to do so and brought back to `path`. Who has to do something
 * first is sent to where it is done.
 */
export async function viewerOrSignIn(path: string): Promise<{ deps: Deps; viewer: Viewer }> {
  const deps = await getDeps();
  const session = await findSession(deps, await headers());
  if (!session) redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
  const step = firstStepOf(deps.env, session);
  if (step) redirect(step === "password" ? "/account/password" : "/account");
  const viewer = viewerOf(deps.env, session);
  return { deps: confinedDeps(deps, viewer), viewer };
}
