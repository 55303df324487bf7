import { APIError } from "better-auth/api";
import { type Database, findAccountHolder, findMembership, insertAudit, sweepSessions } from "#db/index.ts";
import type { Env } from "../env.ts";

/** Ways in that this room audits; what opens a session otherwise (single sign-on) audits itself. */
export const signInMethods: Record<string, string> = {
  "/sign-in/email": "password",
  "/two-factor/verify-totp": "password and code",
  "/two-factor/verify-backup-code": "password and backup code",
  "/passkey/verify-authentication": "passkey",
};

/** Ways in, or steps of one's own account, by which a second factor is shown. */
const withSecondFactor = new Set([
  "/two-factor/verify-totp",
  "/two-factor/verify-backup-code",
  "/passkey/verify-authentication",
]);

interface Opening {
  path?: string;
  /** There already when a session is only made anew, as turning the second factor on does. */
  context?: { session?: unknown };
}

/** Runs before any session is made: the disabled get none, whichever way they come, and a sign-in is on record first. */
export function beforeSession({ database, env }: { database: Database; env: Env }) {
  return async (session: { userId: string; ipAddress?: string | null }, opening: Opening | null) => {
    const { userId } = session;
    const person = await findAccountHolder(database, { id: userId });
    if (!person || person.isDisabled) throw refusal("disabled", "The e-mail or the password is not right.");
    await sweepSessions(database, userId, env.SESSION_IDLE_MINUTES);
    const path = opening?.path ?? "";
    const opened = withSecondFactor.has(path) ? { data: { ...session, secondFactor: true } } : undefined;
    const method = signInMethods[path];
    if (!method || opening?.context?.session) return opened;
    const membership = await findMembership(database, userId);
    // The password alone is half of it: the sign-in is on record when the code was right.
    if (path === "/sign-in/email" && person.secondFactor) return;
    await insertAudit(database.pool, {
      tenantId: membership?.tenantId ?? null,
      actorId: userId,
      action: "sign-in",
      subjectType: "user",
      subjectId: userId,
      details: { method, address: session.ipAddress || null },
    });
    return opened;
  };
}

function refusal(code: string, message: string): APIError {
  return new APIError("UNAUTHORIZED", { code, message });
}
