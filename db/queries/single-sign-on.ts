import { type Database, transaction } from "../pool.ts";
import { insertAudit } from "./audit.ts";
import type { MemberRole } from "./people.ts";

/** Whether an address is of a verified domain of the provider's tenant: exactly, not of a domain below it. */
export async function isSsoDomain(database: Database, providerId: string, email: string): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `select 1 from sso_providers p join tenant_domains d on d.tenant_id = p.tenant_id and d.verified_at is not null
     where p.provider_id = $1 and d.domain = split_part(lower($2), '@', 2)
       and array_length(string_to_array($2, '@'), 1) = 2`,
    [providerId, email],
  );
  return rowCount !== 0;
}

/** A new person joins the provider's tenant in the role it gives. */
export async function joinBySso(database: Database, providerId: string, userId: string): Promise<void> {
  await transaction(database, async (client) => {
    const { rows } = await client.query<{ tenantId: string; role: string }>(
      `insert into members (tenant_id, user_id, role) select tenant_id, $2, default_role from sso_providers
       where provider_id = $1 returning tenant_id as "tenantId", role`,
      [providerId, userId],
    );
    const joined = rows[0];
    if (!joined) throw new Error("the identity provider is gone");
    await insertAudit(client, {
      tenantId: joined.tenantId,
      actorId: userId,
      action: "member.join",
      subjectType: "user",
      subjectId: userId,
      details: { role: joined.role, provider: providerId },
    });
  });
}

/**
 * How a person of the provider's domain stands to it, before an account of theirs is tied to it: `new` has nothing yet,
 * `own` belongs to its tenant and to no other, anybody else is `foreign`. Never by the address alone.
 */
export async function standingToProvider(
  database: Database,
  providerId: string,
  userId: string,
): Promise<"new" | "own" | "foreign"> {
  const { rows } = await database.pool.query<{ standing: "new" | "own" | "foreign" }>(
    `select case
       when not exists (select 1 from tenant_domains d where d.tenant_id = p.tenant_id and d.verified_at is not null
         and d.domain = split_part(u.email, '@', 2)) then 'foreign'
       when exists (select 1 from members m where m.user_id = u.id and m.tenant_id <> p.tenant_id) then 'foreign'
       when exists (select 1 from members m where m.user_id = u.id) then 'own'
       when exists (select 1 from accounts a where a.user_id = u.id) then 'foreign'
       else 'new' end as standing
     from users u, sso_providers p where u.id = $2 and p.provider_id = $1`,
    [providerId, userId],
  );
  return rows[0]?.standing ?? "foreign";
}

/** The provider's tenant when the person may act in it. */
export async function admitProvisioned(database: Database, providerId: string, userId: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ tenantId: string }>(
    `select m.tenant_id as "tenantId" from members m join sso_providers p on p.tenant_id = m.tenant_id
     join users u on u.id = m.user_id
     where p.provider_id = $1 and m.user_id = $2 and m.disabled_at is null and u.disabled_at is null`,
    [providerId, userId],
  );
  return rows[0]?.tenantId ?? null;
}

/** What it means that somebody comes by password or passkey. */
export async function standingAtSignIn(
  database: Database,
  userId: string,
): Promise<{ onlySso: boolean; breakGlassTenants: string[] }> {
  const { rows } = await database.pool.query<{ tenantId: string; wantsSso: boolean; isOwner: boolean }>(
    `select m.tenant_id as "tenantId", t.single_sign_on_only as "wantsSso", m.role = 'owner' as "isOwner"
     from members m join tenants t on t.id = m.tenant_id where m.user_id = $1 and m.disabled_at is null`,
    [userId],
  );
  return {
    onlySso: rows.length > 0 && rows.every(({ wantsSso, isOwner }) => wantsSso && !isOwner),
    breakGlassTenants: rows.filter(({ wantsSso, isOwner }) => wantsSso && isOwner).map(({ tenantId }) => tenantId),
  };
}

export interface DomainRow {
  domain: string;
  token: string;
  verifiedAt: Date | null;
}

export async function selectDomains(database: Database, tenantId: string): Promise<DomainRow[]> {
  const { rows } = await database.pool.query<DomainRow>(
    `select domain, token, verified_at as "verifiedAt" from tenant_domains where tenant_id = $1 order by domain`,
    [tenantId],
  );
  return rows;
}

/** Notes a domain as the tenant's claim, or, `verified`, as theirs. @returns false when it is another tenant's */
export async function putDomain(
  database: Database,
  by: { tenantId: string; actorId: string },
  domain: string,
  token: string,
  verified: boolean,
): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rowCount } = await client.query(
      "select 1 from tenant_domains where domain = $2 and verified_at is not null and tenant_id <> $1",
      [by.tenantId, domain],
    );
    if (rowCount) return false;
    await client.query(
      `insert into tenant_domains (tenant_id, domain, token, verified_at) values ($1, $2, $3, case when $4 then now() end)
       on conflict (tenant_id, domain) do update set verified_at = coalesce(tenant_domains.verified_at, excluded.verified_at)`,
      [by.tenantId, domain, token, verified],
    );
    await client.query(
      `update sso_providers set domain = (select string_agg(domain, ',' order by domain) from tenant_domains
         where tenant_id = $1 and verified_at is not null), updated_at = now()
       where tenant_id = $1 and $2`,
      [by.tenantId, verified],
    );
    await insertAudit(client, {
      tenantId: by.tenantId,
      actorId: by.actorId,
      action: verified ? "settings.domain.verify" : "settings.domain.add",
      subjectType: "domain",
      subjectId: domain,
    });
    return true;
  });
}

export interface ProviderRow {
  id: string;
  providerId: string;
  issuer: string;
  domain: string;
  defaultRole: MemberRole;
  kind: "oidc" | "saml";
  createdAt: Date;
}

export async function selectProviders(database: Database, tenantId: string): Promise<ProviderRow[]> {
  const { rows } = await database.pool.query<ProviderRow>(
    `select id, provider_id as "providerId", issuer, domain, default_role as "defaultRole",
       case when oidc_config is not null then 'oidc' else 'saml' end as kind, created_at as "createdAt"
     from sso_providers where tenant_id = $1 order by created_at, id`,
    [tenantId],
  );
  return rows;
}

export async function insertProvider(
  database: Database,
  by: { tenantId: string; userId: string },
  provider: {
    providerId: string;
    issuer: string;
    domain: string;
    defaultRole: string;
    oidcConfig: string | null;
    samlConfig: string | null;
  },
): Promise<void> {
  await transaction(database, async (client) => {
    await client.query(
      `insert into sso_providers (tenant_id, provider_id, issuer, domain, domain_verified, oidc_config, saml_config, default_role)
       values ($1, $2, $3, $4, true, $5, $6, $7)`,
      [
        by.tenantId,
        provider.providerId,
        provider.issuer,
        provider.domain,
        provider.oidcConfig,
        provider.samlConfig,
        provider.defaultRole,
      ],
    );
    await insertAudit(client, {
      tenantId: by.tenantId,
      actorId: by.userId,
      action: "settings.sso.add",
      subjectType: "identity-provider",
      subjectId: provider.providerId,
      details: { kind: provider.oidcConfig ? "oidc" : "saml", role: provider.defaultRole },
    });
  });
}

/** Removes a provider; who came by it is signed out. @returns false when the tenant has no such one */
export async function deleteProvider(
  database: Database,
  by: { tenantId: string; userId: string },
  id: string,
): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{ providerId: string }>(
      `delete from sso_providers where tenant_id = $1 and id = $2 returning provider_id as "providerId"`,
      [by.tenantId, id],
    );
    const providerId = rows[0]?.providerId;
    if (!providerId) return false;
    await client.query(
      `update tenants set single_sign_on_only = false
       where id = $1 and not exists (select 1 from sso_providers where tenant_id = $1)`,
      [by.tenantId],
    );
    await insertAudit(client, {
      tenantId: by.tenantId,
      actorId: by.userId,
      action: "settings.sso.remove",
      subjectType: "identity-provider",
      subjectId: providerId,
    });
    return true;
  });
}

/** The provider that vouches for an address, by a verified domain; null when there is none. */
export async function findProviderOf(database: Database, email: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ providerId: string }>(
    `select p.provider_id as "providerId" from tenant_domains d join sso_providers p on p.tenant_id = d.tenant_id
     where d.verified_at is not null and d.domain = split_part(lower($1), '@', 2) order by p.created_at, p.id limit 1`,
    [email],
  );
  return rows[0]?.providerId ?? null;
}

/** A provider of the kind SAML, as it is kept: sealed. For sign-in, which belongs to no tenant yet. */
export async function findSamlProvider(
  database: Database,
  providerId: string,
): Promise<{ tenantId: string; configuration: string } | null> {
  const { rows } = await database.pool.query<{ tenantId: string; configuration: string }>(
    `select tenant_id as "tenantId", saml_config as configuration from sso_providers
     where provider_id = $1 and saml_config is not null and domain_verified`,
    [providerId],
  );
  return rows[0] ?? null;
}

/** The name that the tenant's next provider will bear: whoever sets one up has to write it there first. */
export async function findNextProvider(database: Database, tenantId: string): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    "select next_sso_provider as id from tenants where id = $1",
    [tenantId],
  );
  if (!rows[0]) throw new Error("the tenant is gone");
  return rows[0].id;
}

/** Uses a name up, which is nobody's again. @returns false when it was used meanwhile */
export async function takeNextProvider(database: Database, tenantId: string, id: string): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    "update tenants set next_sso_provider = gen_random_uuid() where id = $1 and next_sso_provider = $2",
    [tenantId, id],
  );
  return rowCount === 1;
}

/** Whether a session was opened by an identity provider. */
export async function isSsoSession(database: Database, sessionId: string): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    "select 1 from sessions where id = $1 and sso_provider_id is not null",
    [sessionId],
  );
  return rowCount !== 0;
}
