import { type Database, transaction } from "../pool.ts";
import { type AuditEntry, insertAudit } from "./audit.ts";

export interface Membership {
  tenantId: string;
  role: string;
  name: string;
  email: string;
}

/**
 * The tenant a user acts in, with their role: of several the one they chose last. Null for the disabled, the unknown
 * and those without a tenant.
 * @param ssoProviderId the identity provider that opened the session: it vouches for its own tenant's people alone
 */
export async function findMembership(
  database: Database,
  userId: string,
  ssoProviderId: string | null = null,
): Promise<Membership | null> {
  const { rows } = await database.pool.query<Membership>(
    `select m.tenant_id as "tenantId", m.role, u.name, u.email ${memberOf}
     order by m.chosen_at desc nulls last, m.created_at, m.tenant_id limit 1`,
    [userId, ssoProviderId],
  );
  return rows[0] ?? null;
}

/** The tenants that a user may act in with a session that the provider opened; both are given as SQL. */
function membershipsOf(user: string, provider: string): string {
  return `from members m join users u on u.id = m.user_id join tenants t on t.id = m.tenant_id
  where u.id = ${user} and u.disabled_at is null and m.disabled_at is null and case when ${provider} is null
    then not t.single_sign_on_only or m.role = 'owner'
    else exists (select 1 from sso_providers s where s.tenant_id = t.id and s.provider_id = ${provider}) end`;
}

/** The tenants a user `$1` may act in with a session that the provider `$2` opened. */
export const memberOf = membershipsOf("$1", "$2::text");

export interface SignedIn extends Membership {
  /** They sign in with a password that Probatum made. */
  passwordGenerated: boolean;
  /** Their tenant requires a second factor, and the session was opened without one, or they have none any more. */
  lacksSecondFactor: boolean;
}

/**
 * Who stands behind a session that lives: known here, not run out, used within `idleMinutes`, of a person who is not
 * disabled. Being asked for is use of it, noted at most twice a minute.
 */
export async function findSignedIn(
  database: Database,
  session: { id: string; userId: string },
  idleMinutes: number,
): Promise<SignedIn | null> {
  const { rows } = await database.pool.query<SignedIn>(
    `with living as (
       select id, user_id, sso_provider_id, second_factor, last_seen_at from sessions
       where id = $1 and user_id = $2 and expires_at > now() and last_seen_at > now() - make_interval(mins => $3)),
     seen as (
       update sessions s set last_seen_at = now() from living l
       where s.id = l.id and l.last_seen_at < now() - interval '30 seconds')
     select m.tenant_id as "tenantId", m.role, u.name, u.email, u.password_generated as "passwordGenerated",
       t.requires_second_factor and (select sso_provider_id is null and not (second_factor and (u.two_factor_enabled
         or exists (select 1 from passkeys k where k.user_id = living.user_id))) from living) as "lacksSecondFactor"
     ${membershipsOf("(select user_id from living)", "(select sso_provider_id from living)")}
     order by m.chosen_at desc nulls last, m.created_at, m.tenant_id limit 1`,
    [session.id, session.userId, idleMinutes],
  );
  return rows[0] ?? null;
}

/** Whether a session lives, of somebody who is not disabled. */
export async function isLiving(
  database: Database,
  session: { id: string; userId: string },
  idleMinutes: number,
): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `select 1 from sessions s join users u on u.id = s.user_id
     where s.id = $1 and u.id = $2 and u.disabled_at is null and s.expires_at > now()
       and s.last_seen_at > now() - make_interval(mins => $3)`,
    [session.id, session.userId, idleMinutes],
  );
  return rowCount === 1;
}

export async function countUsers(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>("select count(*)::int as count from users");
  return rows[0]?.count ?? 0;
}

export interface NewUser {
  email: string;
  name: string;
  passwordHash: string;
  /** Probatum made the password: its owner is asked to choose one. */
  passwordGenerated?: boolean;
  role: string;
}

/**
 * Adds a person who can sign in with e-mail and password to the first tenant, making that tenant when there is none.
 * @returns false when the address is taken, or `onlyFirst` is set and there is a user already
 */
export async function addUser(database: Database, user: NewUser, onlyFirst = false): Promise<boolean> {
  return transaction(database, async (client) => {
    await client.query("lock table users in share row exclusive mode");
    if (onlyFirst && (await client.query("select 1 from users limit 1")).rowCount) return false;
    await client.query(
      `insert into tenants (slug, name, keeps_shared)
       select 'default', 'My organisation', true where not exists (select 1 from tenants)`,
    );
    const added = await client.query<{ id: string }>(
      `insert into users (email, name, email_verified, password_generated) values (lower($1), $2, true, $3)
       on conflict do nothing returning id`,
      [user.email, user.name, user.passwordGenerated ?? false],
    );
    const id = added.rows[0]?.id;
    if (!id) return false;
    await client.query(
      "insert into accounts (user_id, account_id, provider_id, password) values ($1::uuid, $1::uuid::text, 'credential', $2)",
      [id, user.passwordHash],
    );
    const member = await client.query<{ tenant_id: string }>(
      `insert into members (tenant_id, user_id, role)
       select id, $1, $2 from tenants order by created_at, id limit 1 returning tenant_id`,
      [id, user.role],
    );
    await insertAudit(client, {
      tenantId: member.rows[0]?.tenant_id ?? null,
      actorId: "operator",
      action: "user.add",
      subjectType: "user",
      subjectId: id,
      details: { role: user.role },
    });
    return true;
  });
}

export interface AccountHolder {
  id: string;
  name: string;
  email: string;
  isDisabled: boolean;
  hasPassword: boolean;
  secondFactor: boolean;
}

/** A person by e-mail address, whatever its case, or by id. */
export async function findAccountHolder(
  database: Database,
  by: { email: string } | { id: string },
): Promise<AccountHolder | null> {
  const { rows } = await database.pool.query<AccountHolder>(
    `select u.id, u.name, u.email, u.disabled_at is not null as "isDisabled", u.two_factor_enabled as "secondFactor",
       exists (select 1 from accounts a
         where a.user_id = u.id and a.provider_id = 'credential' and a.password is not null) as "hasPassword"
     from users u where ${"email" in by ? "u.email = lower($1)" : "u.id = $1"}`,
    ["email" in by ? by.email : by.id],
  );
  return rows[0] ?? null;
}

export interface NewPassword {
  userId: string;
  hash: string;
  generated: boolean;
  /** The session that goes on; all others of the person end. */
  keepSessionId?: string | undefined;
  /** Whoever set it has shown that the address is theirs, or vouches for it. */
  confirmsEmail?: boolean | undefined;
}

/** Sets a password, ends the person's other sessions and withdraws links sent before, with its row in the audit log. */
export async function setPassword(database: Database, password: NewPassword, audit: AuditEntry): Promise<void> {
  const { userId, hash, generated, keepSessionId = null, confirmsEmail = false } = password;
  await transaction(database, async (client) => {
    await client.query(
      `insert into accounts (user_id, account_id, provider_id, password) values ($1::uuid, $1::uuid::text, 'credential', $2)
       on conflict (provider_id, account_id) do update set password = excluded.password, updated_at = now()`,
      [userId, hash],
    );
    await client.query(
      `update users set password_generated = $2, email_verified = email_verified or $3, updated_at = now() where id = $1`,
      [userId, generated, confirmsEmail],
    );
    await client.query("delete from sessions where user_id = $1 and ($2::uuid is null or id <> $2::uuid)", [
      userId,
      keepSessionId,
    ]);
    await client.query("delete from verifications where value = $1", [userId]);
    await insertAudit(client, audit);
  });
}

export interface SessionRow {
  id: string;
  userAgent: string | null;
  address: string | null;
  createdAt: Date;
  lastSeenAt: Date;
}

/** Where a person is signed in now, the one used last first. */
export async function selectSessions(database: Database, userId: string, idleMinutes: number): Promise<SessionRow[]> {
  const { rows } = await database.pool.query<SessionRow>(
    `select id, nullif(user_agent, '') as "userAgent", nullif(ip_address, '') as address, created_at as "createdAt",
       last_seen_at as "lastSeenAt"
     from sessions
     where user_id = $1 and expires_at > now() and last_seen_at > now() - make_interval(mins => $2)
     order by last_seen_at desc, id`,
    [userId, idleMinutes],
  );
  return rows;
}

/** Ends sessions of a person: one, or all but one. @returns their number */
export async function deleteSessions(
  database: Database,
  userId: string,
  which: { id: string } | { except: string | null },
  audit: (count: number) => AuditEntry,
): Promise<number> {
  return transaction(database, async (client) => {
    const one = "id" in which;
    const { rowCount } = await client.query(
      `delete from sessions where user_id = $1 and ${one ? "id = $2" : "($2::uuid is null or id <> $2::uuid)"}`,
      [userId, one ? which.id : which.except],
    );
    if (rowCount) await insertAudit(client, audit(rowCount));
    return rowCount ?? 0;
  });
}

/** Removes sessions of a person that have run out or lain idle. */
export async function sweepSessions(database: Database, userId: string, idleMinutes: number): Promise<void> {
  await database.pool.query(
    `delete from sessions where user_id = $1
       and (expires_at < now() or last_seen_at < now() - make_interval(mins => $2))`,
    [userId, idleMinutes],
  );
}

export async function confirmEmail(database: Database, userId: string, audit: AuditEntry): Promise<void> {
  await transaction(database, async (client) => {
    await client.query("update users set email_verified = true, updated_at = now() where id = $1", [userId]);
    await insertAudit(client, audit);
  });
}

export interface PasskeyRow {
  id: string;
  name: string | null;
  backedUp: boolean;
  createdAt: Date;
}

export async function selectPasskeys(database: Database, userId: string): Promise<PasskeyRow[]> {
  const { rows } = await database.pool.query<PasskeyRow>(
    `select id, name, backed_up as "backedUp", created_at as "createdAt" from passkeys
     where user_id = $1 order by created_at, id`,
    [userId],
  );
  return rows;
}

/** Notes that whoever has this session has shown a second factor in it. */
export async function noteSecondFactor(database: Database, session: { id: string; userId: string }): Promise<void> {
  await database.pool.query("update sessions set second_factor = true where id = $1 and user_id = $2", [
    session.id,
    session.userId,
  ]);
}

/** A person's backup codes as they are kept; null when they have none. */
export async function selectBackupCodes(database: Database, userId: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ codes: string }>(
    "select backup_codes as codes from two_factors where user_id = $1",
    [userId],
  );
  return rows[0]?.codes ?? null;
}

/** @returns false when the person has no such passkey */
export async function renamePasskey(database: Database, userId: string, id: string, name: string): Promise<boolean> {
  const { rowCount } = await database.pool.query("update passkeys set name = $3 where id = $2 and user_id = $1", [
    userId,
    id,
    name,
  ]);
  return rowCount === 1;
}

/** @returns false when the person has no such passkey */
export async function deletePasskey(
  database: Database,
  userId: string,
  id: string,
  audit: AuditEntry,
): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rowCount } = await client.query("delete from passkeys where id = $2 and user_id = $1", [userId, id]);
    if (rowCount) await insertAudit(client, audit);
    return rowCount === 1;
  });
}

/** Turns the second factor off and ends the person's sessions. @returns false when it was not on */
export async function removeSecondFactor(database: Database, userId: string, audit: AuditEntry): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rowCount } = await client.query("delete from two_factors where user_id = $1", [userId]);
    await client.query("update users set two_factor_enabled = false, updated_at = now() where id = $1", [userId]);
    await client.query("delete from sessions where user_id = $1", [userId]);
    if (rowCount) await insertAudit(client, audit);
    return rowCount === 1;
  });
}
