import { type Database, transaction } from "../pool.ts";
import { insertAudit } from "./audit.ts";
import type { MemberRole } from "./people.ts";

export interface TenantRow {
  id: string;
  slug: string;
  name: string;
  keepsShared: boolean;
  singleSignOnOnly: boolean;
  requiresSecondFactor: boolean;
}

export type TenantChange = Partial<Pick<TenantRow, "name" | "singleSignOnOnly" | "requiresSecondFactor">>;

const columns = `t.id, t.slug, t.name, t.keeps_shared as "keepsShared", t.single_sign_on_only as "singleSignOnOnly",
  t.requires_second_factor as "requiresSecondFactor"`;

export async function selectTenant(database: Database, tenantId: string): Promise<TenantRow | null> {
  const { rows } = await database.pool.query<TenantRow>(`select ${columns} from tenants t where t.id = $1`, [tenantId]);
  return rows[0] ?? null;
}

/** Whether a tenant has the operator's right to change what all tenants share. */
export async function keepsShared(database: Database, tenantId: string): Promise<boolean> {
  return (await selectTenant(database, tenantId))?.keepsShared ?? false;
}

/** Changes what is given, with a row in the audit log that says which settings changed. */
export async function updateTenant(
  database: Database,
  manager: { tenantId: string; userId: string },
  change: TenantChange,
): Promise<void> {
  await transaction(database, async (client) => {
    await client.query(
      `update tenants set name = coalesce($2, name), single_sign_on_only = coalesce($3, single_sign_on_only),
         requires_second_factor = coalesce($4, requires_second_factor)
       where id = $1`,
      [manager.tenantId, change.name ?? null, change.singleSignOnOnly ?? null, change.requiresSecondFactor ?? null],
    );
    await insertAudit(client, {
      tenantId: manager.tenantId,
      actorId: manager.userId,
      action: "settings.change",
      subjectType: "tenant",
      subjectId: manager.tenantId,
      details: {
        settings: Object.keys(change),
        ...(change.singleSignOnOnly !== undefined && { singleSignOnOnly: change.singleSignOnOnly }),
        ...(change.requiresSecondFactor !== undefined && { requiresSecondFactor: change.requiresSecondFactor }),
      },
    });
  });
}

export interface OwnTenant {
  id: string;
  name: string;
  role: MemberRole;
}

// Whom a session stands for, and where it may act: what `findSignedIn` would let in.
const admitted = `from sessions s join members m on m.user_id = s.user_id
  join users u on u.id = m.user_id join tenants t on t.id = m.tenant_id
  where s.id = $1 and u.disabled_at is null and m.disabled_at is null and case when s.sso_provider_id is null
    then not t.single_sign_on_only or m.role = 'owner'
    else exists (select 1 from sso_providers p where p.tenant_id = t.id and p.provider_id = s.sso_provider_id) end`;

/** The tenants that a session may act in, by name. The database is the unconfined one. */
export async function selectOwnTenants(database: Database, sessionId: string): Promise<OwnTenant[]> {
  const { rows } = await database.pool.query<OwnTenant>(
    `select t.id, t.name, m.role ${admitted} order by t.name, t.id`,
    [sessionId],
  );
  return rows;
}

/** Lets the person behind a session act in another of their tenants from now on. @returns false when it is not theirs */
export async function chooseTenant(database: Database, sessionId: string, tenantId: string): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{ userId: string }>(
      `update members c set chosen_at = clock_timestamp() from (select m.tenant_id, m.user_id ${admitted}) own
       where c.tenant_id = own.tenant_id and c.user_id = own.user_id and c.tenant_id = $2
       returning c.user_id as "userId"`,
      [sessionId, tenantId],
    );
    const userId = rows[0]?.userId;
    if (!userId) return false;
    await insertAudit(client, {
      tenantId,
      actorId: userId,
      action: "tenant.enter",
      subjectType: "tenant",
      subjectId: tenantId,
    });
    return true;
  });
}

/**
 * Adds a further tenant. Who is known by the address becomes its owner at once; anybody else is invited.
 * @returns null when the slug is taken
 */
export async function insertTenant(
  database: Database,
  tenant: { slug: string; name: string },
  owner: { email: string; tokenHash: Buffer; days: number },
): Promise<{ id: string; joined: boolean } | null> {
  return transaction(database, async (client) => {
    // Without the operator's right, unless it is the first of all.
    const { rows } = await client.query<{ id: string }>(
      `insert into tenants (slug, name, keeps_shared) select $1, $2, not exists (select 1 from tenants)
       on conflict (slug) do nothing returning id`,
      [tenant.slug, tenant.name],
    );
    const id = rows[0]?.id;
    if (!id) return null;
    const known = await client.query<{ id: string }>("select id from users where email = lower($1)", [owner.email]);
    const userId = known.rows[0]?.id;
    await insertAudit(client, {
      tenantId: id,
      actorId: "operator",
      action: "tenant.add",
      subjectType: "tenant",
      subjectId: id,
      details: { owner: userId ? "added" : "invited" },
    });
    if (userId) {
      await client.query("insert into members (tenant_id, user_id, role) values ($1, $2, 'owner')", [id, userId]);
      return { id, joined: true };
    }
    await client.query(
      `insert into invitations (tenant_id, email, role, token_hash, expires_at)
       values ($1, lower($2), 'owner', $3, now() + $4 * interval '1 day')`,
      [id, owner.email, owner.tokenHash, owner.days],
    );
    return { id, joined: false };
  });
}

export async function findTenantBySlug(database: Database, slug: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ id: string }>("select id from tenants where slug = $1", [slug]);
  return rows[0]?.id ?? null;
}
