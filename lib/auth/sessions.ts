import { type Database, deleteSessions, selectSessions } from "#db/index.ts";
import type { Env } from "../env.ts";
import { NotFoundError } from "../errors.ts";
import { deviceOf } from "./device.ts";
import type { SignedInSession } from "./viewer.ts";

export interface SessionView {
  id: string;
  /** Browser and system, as far as they say; “Unknown device” else. */
  device: string;
  address: string | null;
  signedInAt: string;
  /** Right to half a minute. */
  lastSeenAt: string;
  isThis: boolean;
}

export async function listSessions(
  deps: { database: Database; env: Env },
  { id, viewer }: SignedInSession,
): Promise<SessionView[]> {
  const rows = await selectSessions(deps.database, viewer.userId, deps.env.SESSION_IDLE_MINUTES);
  return rows.map((row) => ({
    id: row.id,
    device: deviceOf(row.userAgent),
    address: row.address,
    signedInAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    isThis: row.id === id,
  }));
}

/** Signs one of one's own sessions out. @throws NotFoundError for one that is not one's own */
export async function revokeSession(deps: { database: Database }, own: SignedInSession, id: string): Promise<void> {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new NotFoundError("The session");
  const ended = await deleteSessions(deps.database, own.viewer.userId, { id }, () => entry(own, "session", id, 1));
  if (ended === 0) throw new NotFoundError("The session");
}

/** Signs all of one's sessions out but the one that asks. @returns their number */
export function revokeOtherSessions(deps: { database: Database }, own: SignedInSession): Promise<number> {
  const { userId } = own.viewer;
  return deleteSessions(deps.database, userId, { except: own.id }, (count) => entry(own, "user", userId, count));
}

function entry({ viewer }: SignedInSession, subjectType: string, subjectId: string, count: number) {
  const { tenantId, userId } = viewer;
  return { tenantId, actorId: userId, action: "session.revoke", subjectType, subjectId, details: { count } };
}
