import type pg from "pg";
import { type Database, transaction } from "../pool.ts";
import type { memberRoles } from "../schema/index.ts";
import { insertAudit } from "./audit.ts";

export type MemberRole = (typeof memberRoles)[number];

export interface MemberRow {
  id: string;
  name: string;
  email: string;
  role: MemberRole;
  /** By this tenant, or by whoever holds the machine. */
  disabled: boolean;
  joinedAt: Date;
  lastSignInAt: Date | null;
  secondFactor: boolean;
}

export interface InvitationRow {
  id: string;
  email: string;
  role: MemberRole;
  invitedByName: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** Who changes something: their role is read again under the lock, since it may just have been taken from them. */
export interface Manager {
  tenantId: string;
  userId: string;
  /** The roles that manage people. */
  managing: readonly string[];
}

export type MemberChange = { to: "role"; role: MemberRole } | { to: "disabled" | "enabled" | "removed" };

/**
 * `absent`: not of this tenant. `lost`: the manager manages no more. `refused`: only owners make, unmake or touch owners. `last-owner`: nobody would be left
 * to own the tenant. `oneself`: nobody disables or removes themselves. `same`: it is so already.
 */
export type MemberOutcome = "done" | "same" | "absent" | "lost" | "refused" | "last-owner" | "oneself";

const actions = {
  role: "member.role",
  disabled: "member.disable",
  enabled: "member.enable",
  removed: "member.remove",
} as const;

/** Everybody of a tenant by name, the disabled too. */
export async function selectMembers(database: Database, tenantId: string): Promise<MemberRow[]> {
  const { rows } = await database.pool.query<MemberRow>(
    `select u.id, u.name, u.email, m.role, m.disabled_at is not null or u.disabled_at is not null as disabled,
       m.created_at as "joinedAt", signed_in.at as "lastSignInAt", has_second_factor(u.id) as "secondFactor"
     from members m join users u on u.id = m.user_id
     left join lateral (
       select max(a.occurred_at) as at from audit_log a
       where a.tenant_id = m.tenant_id and a.actor_id = u.id::text and a.action = 'sign-in') signed_in on true
     where m.tenant_id = $1 order by lower(u.name), u.email`,
    [tenantId],
  );
  return rows;
}

/** The invitations that nobody has accepted or revoked, the newest first; those that have run out too. */
export async function selectInvitations(database: Database, tenantId: string): Promise<InvitationRow[]> {
  const { rows } = await database.pool.query<InvitationRow>(
    `select i.id, i.email, i.role, u.name as "invitedByName", i.created_at as "createdAt", i.expires_at as "expiresAt"
     from invitations i left join users u on u.id = i.invited_by
     where i.tenant_id = $1 and ${isOpen} order by i.created_at desc, i.id`,
    [tenantId],
  );
  return rows;
}

/**
 * Changes what a person is in a tenant, with its row in the audit log. One change of a tenant's people at a time, so
 * that two owners who unmake each other leave one. Whoever is disabled or removed loses their sessions with it: a
 * trigger's work.
 */
export async function changeMember(
  database: Database,
  manager: Manager,
  personId: string,
  change: MemberChange,
): Promise<MemberOutcome> {
  return transaction(database, async (client) => {
    await lockMembers(client, manager.tenantId);
    const { rows } = await client.query<{ id: string; role: MemberRole; disabled: boolean; active: boolean }>(
      `select u.id, m.role, m.disabled_at is not null as disabled,
         m.disabled_at is null and u.disabled_at is null as active
       from members m join users u on u.id = m.user_id where m.tenant_id = $1 for update of m`,
      [manager.tenantId],
    );
    const own = rows.find(({ id }) => id === manager.userId);
    const person = rows.find(({ id }) => id === personId);
    if (!person) return "absent";
    const isOwners = person.role === "owner" || (change.to === "role" && change.role === "owner");
    if (!own?.active || !manager.managing.includes(own.role)) return "lost";
    if (isOwners && own.role !== "owner") return "refused";
    if (person.id === own.id && (change.to === "disabled" || change.to === "removed")) return "oneself";
    if (change.to === "role" ? change.role === person.role : isAlready(person.disabled, change.to)) return "same";
    const others = rows.filter(({ id, role, active }) => id !== person.id && role === "owner" && active);
    if (person.role === "owner" && change.to !== "enabled" && others.length === 0) return "last-owner";
    await apply(client, manager.tenantId, person.id, change);
    await insertAudit(client, {
      tenantId: manager.tenantId,
      actorId: manager.userId,
      action: actions[change.to],
      subjectType: "user",
      subjectId: person.id,
      details: change.to === "role" ? { from: person.role, to: change.role } : { role: person.role },
    });
    return "done";
  });
}

function isAlready(disabled: boolean, wanted: "disabled" | "enabled" | "removed"): boolean {
  return wanted === "disabled" ? disabled : wanted === "enabled" && !disabled;
}

async function apply(client: pg.PoolClient, tenantId: string, userId: string, change: MemberChange): Promise<void> {
  const of = "where tenant_id = $1 and user_id = $2";
  const values = [tenantId, userId];
  if (change.to === "role") await client.query(`update members set role = $3 ${of}`, [...values, change.role]);
  if (change.to === "disabled") await client.query(`update members set disabled_at = now() ${of}`, values);
  if (change.to === "enabled") await client.query(`update members set disabled_at = null ${of}`, values);
  if (change.to === "removed") await client.query(`delete from members ${of}`, values);
}

export type InviteOutcome = { id: string; expiresAt: Date } | "refused" | "lost" | "member" | "invited";

const isOpen = "i.accepted_at is null and i.revoked_at is null";

/** Asks an address to join. An invitation of the same address that has run out makes room for the new one. */
export async function insertInvitation(
  database: Database,
  manager: Manager,
  invited: { email: string; role: MemberRole; tokenHash: Buffer; days: number },
): Promise<InviteOutcome> {
  return transaction(database, async (client) => {
    await lockMembers(client, manager.tenantId);
    const refusal = await whyNot(client, manager, invited.role);
    if (refusal) return refusal;
    const member = await client.query(
      "select 1 from members m join users u on u.id = m.user_id where m.tenant_id = $1 and u.email = lower($2)",
      [manager.tenantId, invited.email],
    );
    if (member.rowCount) return "member";
    await client.query(
      `update invitations i set revoked_at = now()
       where i.tenant_id = $1 and i.email = lower($2) and ${isOpen} and i.expires_at <= now()`,
      [manager.tenantId, invited.email],
    );
    const { rows } = await client.query<{ id: string; expiresAt: Date }>(
      `insert into invitations (tenant_id, email, role, token_hash, invited_by, expires_at)
       values ($1, lower($2), $3, $4, $5, now() + $6 * interval '1 day')
       on conflict (tenant_id, email) where accepted_at is null and revoked_at is null do nothing
       returning id, expires_at as "expiresAt"`,
      [manager.tenantId, invited.email, invited.role, invited.tokenHash, manager.userId, invited.days],
    );
    const made = rows[0];
    if (!made) return "invited";
    await auditInvitation(client, manager, "member.invite", made.id, { role: invited.role });
    return made;
  });
}

/** Gives an open invitation a new secret and new days; the earlier link opens nothing any more. */
export async function renewInvitation(
  database: Database,
  manager: Manager,
  id: string,
  renewed: { tokenHash: Buffer; days: number },
): Promise<{ email: string; role: MemberRole; expiresAt: Date } | "refused" | "lost" | "absent"> {
  return transaction(database, async (client) => {
    const invitation = await lockInvitation(client, manager, id);
    if (typeof invitation === "string") return invitation;
    const { rows } = await client.query<{ expiresAt: Date }>(
      `update invitations set token_hash = $2, expires_at = now() + $3 * interval '1 day' where id = $1
       returning expires_at as "expiresAt"`,
      [id, renewed.tokenHash, renewed.days],
    );
    await auditInvitation(client, manager, "member.invite.resend", id, { role: invitation.role });
    return { ...invitation, expiresAt: (rows[0] as { expiresAt: Date }).expiresAt };
  });
}

export async function revokeInvitation(
  database: Database,
  manager: Manager,
  id: string,
): Promise<"done" | "refused" | "lost" | "absent"> {
  return transaction(database, async (client) => {
    const invitation = await lockInvitation(client, manager, id);
    if (typeof invitation === "string") return invitation;
    await client.query("update invitations set revoked_at = now() where id = $1", [id]);
    await auditInvitation(client, manager, "member.invite.revoke", id, { role: invitation.role });
    return "done";
  });
}

export interface OpenInvitation {
  id: string;
  tenantId: string;
  tenantName: string;
  email: string;
  role: MemberRole;
  invitedByName: string | null;
  /** There is somebody of this address already, who joins by signing in. */
  known: boolean;
  /** Such a person belongs to the tenant already. */
  member: boolean;
}

/** What a link's secret opens; null for one that is wrong, run out, accepted or revoked. */
export async function findInvitation(
  client: Pick<pg.ClientBase, "query">,
  tokenHash: Buffer,
): Promise<OpenInvitation | null> {
  const { rows } = await client.query<OpenInvitation>(
    `select i.id, i.tenant_id as "tenantId", t.name as "tenantName", i.email, i.role, b.name as "invitedByName",
       u.id is not null as known, m.user_id is not null as member
     from invitations i join tenants t on t.id = i.tenant_id
     left join users b on b.id = i.invited_by left join users u on u.email = i.email
     left join members m on m.tenant_id = i.tenant_id and m.user_id = u.id
     where i.token_hash = $1 and ${isOpen} and i.expires_at > now()`,
    [tokenHash],
  );
  return rows[0] ?? null;
}

export type Accepted = { userId: string; tenantId: string } | "absent" | "known" | "other" | "disabled";

/**
 * Lets somebody join by an invitation, once. A new person brings name and password; who is known brings their own id,
 * and must be of the address that was invited.
 */
export async function acceptInvitation(
  database: Database,
  tokenHash: Buffer,
  who: { name: string; passwordHash: string } | { userId: string },
): Promise<Accepted> {
  return transaction(database, async (client) => {
    const seen = await findInvitation(client, tokenHash);
    if (!seen) return "absent";
    await lockMembers(client, seen.tenantId);
    // Looked at again under the lock: another may have come by the same link meanwhile.
    const invitation = await findInvitation(client, tokenHash);
    if (!invitation) return "absent";
    const userId =
      "userId" in who ? await ownerOf(client, who.userId, invitation) : await addPerson(client, who, invitation);
    if (userId === "known" || userId === "other" || userId === "disabled") return userId;
    await client.query(
      `insert into members (tenant_id, user_id, role, chosen_at) values ($1, $2, $3, now()) on conflict do nothing`,
      [invitation.tenantId, userId, invitation.role],
    );
    await client.query("update invitations set accepted_at = now(), accepted_by = $2 where id = $1", [
      invitation.id,
      userId,
    ]);
    await insertAudit(client, {
      tenantId: invitation.tenantId,
      actorId: userId,
      action: "member.join",
      subjectType: "user",
      subjectId: userId,
      details: { role: invitation.role, invitation: invitation.id },
    });
    return { userId, tenantId: invitation.tenantId };
  });
}

async function ownerOf(
  client: pg.PoolClient,
  userId: string,
  invitation: OpenInvitation,
): Promise<string | "other" | "disabled"> {
  const { rows } = await client.query<{ email: string; disabled: boolean }>(
    "select email, disabled_at is not null as disabled from users where id = $1",
    [userId],
  );
  if (rows[0]?.email !== invitation.email) return "other";
  return rows[0].disabled ? "disabled" : userId;
}

async function addPerson(
  client: pg.PoolClient,
  who: { name: string; passwordHash: string },
  invitation: OpenInvitation,
): Promise<string | "known"> {
  // The link came to this address: whoever has it reads its mail.
  const { rows } = await client.query<{ id: string }>(
    "insert into users (email, name, email_verified) values ($1, $2, true) on conflict do nothing returning id",
    [invitation.email, who.name],
  );
  const id = rows[0]?.id;
  if (!id) return "known";
  await client.query(
    "insert into accounts (user_id, account_id, provider_id, password) values ($1::uuid, $1::uuid::text, 'credential', $2)",
    [id, who.passwordHash],
  );
  return id;
}

/** Held to the transaction's end: the changes of one tenant's people stand in line. */
export async function lockMembers(client: pg.PoolClient, tenantId: string): Promise<void> {
  await client.query("select pg_advisory_xact_lock(hashtextextended('members:' || $1::text, 0))", [tenantId]);
}

async function whyNot(
  client: pg.PoolClient,
  manager: Manager,
  role: MemberRole,
): Promise<"refused" | "lost" | undefined> {
  const { rows } = await client.query<{ role: MemberRole }>(
    `select m.role from members m join users u on u.id = m.user_id
     where m.tenant_id = $1 and m.user_id = $2 and m.disabled_at is null and u.disabled_at is null`,
    [manager.tenantId, manager.userId],
  );
  const own = rows[0]?.role;
  if (own === undefined || !manager.managing.includes(own)) return "lost";
  return role === "owner" && own !== "owner" ? "refused" : undefined;
}

async function lockInvitation(
  client: pg.PoolClient,
  manager: Manager,
  id: string,
): Promise<{ email: string; role: MemberRole } | "refused" | "lost" | "absent"> {
  await lockMembers(client, manager.tenantId);
  const { rows } = await client.query<{ email: string; role: MemberRole }>(
    `select i.email, i.role from invitations i where i.tenant_id = $1 and i.id = $2 and ${isOpen} for update`,
    [manager.tenantId, id],
  );
  const invitation = rows[0];
  if (!invitation) return "absent";
  return (await whyNot(client, manager, invitation.role)) ?? invitation;
}

async function auditInvitation(
  client: pg.PoolClient,
  manager: Manager,
  action: string,
  id: string,
  details: Record<string, unknown>,
): Promise<void> {
  await insertAudit(client, {
    tenantId: manager.tenantId,
    actorId: manager.userId,
    action,
    subjectType: "invitation",
    subjectId: id,
    details,
  });
}
