import { type Database, findSignedIn, isLiving } from "#db/index.ts";
import type { Env } from "../env.ts";
import { ForbiddenError, SecondFactorRequiredError, UnauthenticatedError } from "../errors.ts";
import type { Auth } from "./open-auth.ts";

/** Who asks: a signed-in person in their tenant. Every verb takes one; there is no way to act without. */
export interface Viewer {
  userId: string;
  tenantId: string;
  name: string;
  email: string;
  role: string;
}

export interface SignedInSession {
  id: string;
  viewer: Viewer;
  /** They sign in with a password that Probatum made and printed. */
  passwordGenerated: boolean;
  /** Their tenant requires a second factor, and this session was opened without one. */
  lacksSecondFactor: boolean;
}

export type ViewerDeps = { auth: Auth; database: Database; env: Env };

/**
 * The session behind a request's cookies and its person. The session may come from Redis; that it still lives, and its
 * person with it, is asked of the database each time: whoever was disabled or signed out is out at the next request.
 */
export async function findSession(deps: ViewerDeps, headers: Headers): Promise<SignedInSession | null> {
  const known = await keptSession(deps, headers);
  if (!known) return null;
  const found = await findSignedIn(deps.database, known, deps.env.SESSION_IDLE_MINUTES);
  if (!found) return null;
  const { passwordGenerated, lacksSecondFactor, ...member } = found;
  return { id: known.id, viewer: { userId: known.userId, ...member }, passwordGenerated, lacksSecondFactor };
}

/** A session that lives, of whoever may act in a tenant or not: somebody who comes to join one, say. */
export async function readSession(deps: ViewerDeps, headers: Headers): Promise<{ id: string; userId: string } | null> {
  const known = await keptSession(deps, headers);
  return known && (await isLiving(deps.database, known, deps.env.SESSION_IDLE_MINUTES)) ? known : null;
}

// As better-auth knows it, maybe from Redis: not yet proof of anything.
async function keptSession({ auth }: Pick<ViewerDeps, "auth">, headers: Headers) {
  if (!headers.get("cookie")) return null;
  const session = await auth.api.getSession({ headers });
  return session && { id: session.session.id, userId: session.user.id };
}

/** The signed-in person behind a request's cookies; null when there is none, they are disabled or may not go on yet. */
export async function findViewer(deps: ViewerDeps, headers: Headers): Promise<Viewer | null> {
  const session = await findSession(deps, headers);
  return session && firstStepOf(deps.env, session) === null ? session.viewer : null;
}

/** @throws UnauthenticatedError when nobody is signed in */
export async function requireSession(deps: ViewerDeps, headers: Headers): Promise<SignedInSession> {
  const session = await findSession(deps, headers);
  if (!session) throw new UnauthenticatedError();
  return session;
}

/**
 * @throws UnauthenticatedError when nobody is signed in
 * @throws ForbiddenError, SecondFactorRequiredError as `viewerOf`
 */
export async function requireViewer(deps: ViewerDeps, headers: Headers): Promise<Viewer> {
  return viewerOf(deps.env, await requireSession(deps, headers));
}

/**
 * The person behind a session, once they may go on. Their own account is all that is open to them before.
 * @throws ForbiddenError while they have to choose a password of their own first
 * @throws SecondFactorRequiredError while they have shown no second factor where their tenant requires one
 */
export function viewerOf(env: Pick<Env, "PUBLIC_URL">, session: SignedInSession): Viewer {
  const step = firstStepOf(env, session);
  if (step === "password") throw new ForbiddenError("Choose a password of your own first.");
  if (step === "second-factor") throw new SecondFactorRequiredError();
  return session.viewer;
}

/**
 * What somebody has to do before anything else. A password of their own: those with a printed one, where the site is
 * reached by https, which is where others than its maker sign in; on one's own machine they are only asked to. A second
 * factor: those whose tenant requires one and whose session was opened without.
 */
export function firstStepOf(
  env: Pick<Env, "PUBLIC_URL">,
  session: Pick<SignedInSession, "passwordGenerated" | "lacksSecondFactor">,
): "password" | "second-factor" | null {
  if (session.passwordGenerated && env.PUBLIC_URL?.startsWith("https:")) return "password";
  return session.lacksSecondFactor ? "second-factor" : null;
}
