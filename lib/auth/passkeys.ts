import { z } from "zod";
import {
  type Database,
  deletePasskey,
  findAccountHolder,
  noteSecondFactor,
  renamePasskey as rename,
  selectPasskeys,
} from "#db/index.ts";
import { record } from "../audit/index.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { confirmPassword } from "./confirm-password.ts";
import type { Lockout } from "./lockout.ts";
import type { Auth } from "./open-auth.ts";
import type { WithCookies } from "./second-factor.ts";
import type { SignedInSession, Viewer } from "./viewer.ts";

type PasskeyDeps = { auth: Auth; database: Database; lockout: Lockout };

const passkeyName = z.string().trim().min(1, "A passkey needs a name.").max(60, "A name has at most 60 characters.");

export interface PasskeyView {
  id: string;
  name: string;
  /** Kept by the maker of the device too, and so on other devices of the person. */
  isSynced: boolean;
  addedAt: string;
}

export async function listPasskeys(deps: { database: Database }, viewer: Viewer): Promise<PasskeyView[]> {
  const rows = await selectPasskeys(deps.database, viewer.userId);
  return rows.map(({ id, name, backedUp, createdAt }) => ({
    id,
    name: name ?? "Passkey",
    isSynced: backedUp,
    addedAt: createdAt.toISOString(),
  }));
}

/**
 * What the browser needs to make a passkey. Whoever has a password shows it first: a computer left open must not give
 * its finder a way in for good.
 */
export async function startPasskey(
  deps: PasskeyDeps,
  { viewer }: SignedInSession,
  headers: Headers,
  password: unknown,
): Promise<WithCookies & { options: unknown }> {
  const person = await findAccountHolder(deps.database, { id: viewer.userId });
  if (person?.hasPassword) await confirmPassword(deps, viewer, password);
  const response = await deps.auth.api.generatePasskeyRegistrationOptions({ headers, query: {}, asResponse: true });
  if (!response.ok) throw new InvalidInputError("A passkey cannot be added now. Sign in again and try once more.");
  return { options: await response.json(), cookies: response.headers.getSetCookie() };
}

/** Keeps the passkey that the browser made. Making it has shown it: the session counts as opened with it. */
export async function addPasskey(
  deps: PasskeyDeps,
  { id: sessionId, viewer }: SignedInSession,
  headers: Headers,
  input: { name?: unknown; response?: unknown },
): Promise<WithCookies> {
  const name = parseName(input.name);
  const body = { response: input.response, name };
  const response = await deps.auth.api.verifyPasskeyRegistration({ headers, body, asResponse: true });
  if (!response.ok) throw new InvalidInputError("The passkey was not accepted. Try again.");
  const { id } = z.object({ id: z.string() }).parse(await response.json());
  await record(deps, entry(viewer, "passkey.add", id));
  await noteSecondFactor(deps.database, { id: sessionId, userId: viewer.userId });
  return { cookies: response.headers.getSetCookie() };
}

/** @throws NotFoundError for one that is not one's own */
export async function renamePasskey(deps: PasskeyDeps, viewer: Viewer, id: string, name: unknown): Promise<void> {
  if (!isId(id) || !(await rename(deps.database, viewer.userId, id, parseName(name))))
    throw new NotFoundError("The passkey");
}

/** @throws NotFoundError for one that is not one's own */
export async function removePasskey(deps: PasskeyDeps, viewer: Viewer, id: string): Promise<void> {
  const removed =
    isId(id) && (await deletePasskey(deps.database, viewer.userId, id, entry(viewer, "passkey.remove", id)));
  if (!removed) throw new NotFoundError("The passkey");
}

function parseName(name: unknown): string {
  const parsed = passkeyName.safeParse(name);
  if (!parsed.success) throw new InvalidInputError(parsed.error.issues[0]?.message ?? "A passkey needs a name.");
  return parsed.data;
}

function isId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

function entry({ tenantId, userId }: Viewer, action: string, id: string) {
  return { tenantId, actorId: userId, action, subjectType: "passkey", subjectId: id };
}
