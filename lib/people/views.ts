import type { InvitationRow, MemberRole, MemberRow } from "#db/index.ts";

/** Somebody of the tenant. */
export interface MemberView {
  id: string;
  name: string;
  email: string;
  role: MemberRole;
  state: "active" | "disabled";
  joinedAt: string;
  /** Null: not since this is recorded. */
  lastSignInAt: string | null;
  /** An authenticator or a passkey is asked for beside the password. */
  secondFactor: boolean;
}

/** Somebody who was asked to join and has not yet. */
export interface InvitationView {
  id: string;
  email: string;
  role: MemberRole;
  invitedByName: string | null;
  createdAt: string;
  expiresAt: string;
  expired: boolean;
}

/** A link that is shown this once: only the hash of its secret is kept. */
export interface InvitationLink {
  id: string;
  email: string;
  /** Beginning with `/invitation/`. */
  path: string;
  expiresAt: string;
  /** It was sent to the address as well. */
  mailed: boolean;
}

export interface PeopleView {
  members: MemberView[];
  invitations: InvitationView[];
}

export function memberViewOf({ disabled, joinedAt, lastSignInAt, ...member }: MemberRow): MemberView {
  return {
    ...member,
    state: disabled ? "disabled" : "active",
    joinedAt: joinedAt.toISOString(),
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
  };
}

export function invitationViewOf({ createdAt, expiresAt, ...invitation }: InvitationRow, now: Date): InvitationView {
  return {
    ...invitation,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    expired: expiresAt <= now,
  };
}
