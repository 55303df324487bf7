import { type Database, transaction } from "../pool.ts";
import { insertAudit } from "./audit.ts";

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

/** The tenants a user `$1` may act in with a session that the provider `$2` opened. */
export const memberOf = `from members m join users u on u.id = m.user_id join tenants t on t.id = m.tenant_id
  where u.id = $1 and u.disabled_at is null and m.disabled_at is null and case when $2::text is null
    then not t.single_sign_on_only or m.role = 'owner'
    else exists (select 1 from sso_providers s where s.tenant_id = t.id and s.provider_id = $2) end`;

export async function countUsers(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>("select count(*)::int as count from users");
  return rows[0]?.count ?? 0;
}

export interface NewUser {
  email: string;
  name: string;
  passwordHash: string;
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
      "insert into users (email, name, email_verified) values (lower($1), $2, true) on conflict do nothing returning id",
      [user.email, user.name],
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
