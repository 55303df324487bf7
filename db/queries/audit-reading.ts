import type { Database } from "../pool.ts";

export interface AuditSelection {
  /** A user's id, `operator`, `anonymous`. */
  actorIds: string[] | null;
  /** Itself and what is more special: `archive` is `archive.read` too. */
  action: string | null;
  subjectId: string | null;
  /** First and last day, in UTC. */
  from: string | null;
  until: string | null;
}

export interface AuditRow {
  id: number;
  tenantId: string | null;
  actorId: string;
  actorName: string | null;
  actorEmail: string | null;
  action: string;
  subjectType: string;
  subjectId: string;
  details: Record<string, unknown>;
  occurredAt: Date;
  hash: Buffer;
}

const columns = `a.id::float8 as id, a.tenant_id as "tenantId", a.actor_id as "actorId", a.action,
  a.subject_type as "subjectType", a.subject_id as "subjectId", a.details, a.occurred_at as "occurredAt", a.hash`;

/** A page of a tenant's log, the last first, or from an id on the first first. */
export async function selectAudit(
  database: Database,
  tenantId: string | null,
  { actorIds, action, subjectId, from, until }: AuditSelection,
  page: { before?: number | null; after?: number | null; limit: number },
): Promise<AuditRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = [tenantId === null ? "a.tenant_id is null" : `a.tenant_id = ${bind(tenantId)}`];
  if (actorIds) conditions.push(`a.actor_id = any(${bind(actorIds)}::text[])`);
  if (action) {
    const exact = bind(action);
    conditions.push(`(a.action = ${exact} or a.action like ${bind(`${action.replace(/[\\%_]/g, "\\$&")}.%`)})`);
  }
  if (subjectId) conditions.push(`a.subject_id = ${bind(subjectId)}`);
  if (from) conditions.push(`a.occurred_at >= ${bind(from)}::date::timestamp at time zone 'UTC'`);
  if (until) conditions.push(`a.occurred_at < (${bind(until)}::date + 1)::timestamp at time zone 'UTC'`);
  if (page.before != null) conditions.push(`a.id < ${bind(page.before)}`);
  if (page.after != null) conditions.push(`a.id > ${bind(page.after)}`);
  const order = page.after == null ? "desc" : "asc";
  const { rows } = await database.pool.query<AuditRow>(
    `select ${columns}, u.name as "actorName", u.email as "actorEmail"
     from (select * from audit_log a where ${conditions.join(" and ")} order by a.id ${order} limit ${bind(page.limit)}) a
     left join users u on u.id = case when a.actor_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then a.actor_id::uuid end
     order by a.id ${order}`,
    values,
  );
  return rows;
}

/** Ids of the tenant's people whom a text means: by id, or by part of a name or an address. */
export async function selectActorIds(database: Database, tenantId: string, text: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select u.id from members m join users u on u.id = m.user_id
     where m.tenant_id = $1 and (u.name ilike '%' || $2 || '%' or u.email ilike '%' || $2 || '%') limit 200`,
    [tenantId, text.replace(/[\\%_]/g, "\\$&")],
  );
  return [...rows.map(({ id }) => id), text];
}

/** The actions that a tenant's log holds, found by skipping from one to the next in the index. */
export async function selectAuditActions(database: Database, tenantId: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ action: string }>(
    `with recursive known as (
       (select action from audit_log where tenant_id = $1 order by action using ~<~ limit 1)
       union all
       select (select a.action from audit_log a where a.tenant_id = $1 and a.action ~>~ known.action
         order by a.action using ~<~ limit 1) from known where known.action is not null)
     select action from known where action is not null limit 500`,
    [tenantId],
  );
  return rows.map(({ action }) => action);
}

/** A row with all that its hash covers, as text, as Postgres writes it. */
export interface ChainRow {
  id: string;
  tenantId: string | null;
  actorId: string;
  action: string;
  subjectType: string;
  subjectId: string;
  details: string;
  /** Seconds since 1970, to the microsecond. */
  occurredAt: string;
  previousHash: string | null;
  hash: string | null;
}

/** A page of one chain behind an id, in its order. */
export async function selectChain(
  database: Database,
  chain: string,
  after: string,
  limit: number,
): Promise<ChainRow[]> {
  const { rows } = await database.pool.query<ChainRow>(
    `select id::text, tenant_id::text as "tenantId", actor_id as "actorId", action, subject_type as "subjectType",
       subject_id as "subjectId", details::text, extract(epoch from occurred_at)::text as "occurredAt",
       encode(previous_hash, 'hex') as "previousHash", encode(hash, 'hex') as hash
     from audit_log where ${chain === "" ? "tenant_id is null and $1 = ''" : "tenant_id = $1::uuid"} and id > $2
     order by audit_log.id limit $3`,
    [chain, after, limit],
  );
  return rows;
}

/** Where a chain ends, and where it begins once old rows were let go. */
export interface ChainHead {
  /** The tenant's id; empty: of no tenant. */
  chain: string;
  slug: string | null;
  lastId: string;
  hash: string;
  rows: number;
  cutId: string | null;
  cutHash: string | null;
  cutRows: number;
}

const headColumns = `h.chain, h.last_id::text as "lastId", encode(h.hash, 'hex') as hash, h.rows::float8 as rows,
  h.cut_id::text as "cutId", encode(h.cut_hash, 'hex') as "cutHash", h.cut_rows::float8 as "cutRows"`;

/** Every chain's head; also of chains whose head was taken away, as far as their rows tell. */
export async function selectChainHeads(database: Database): Promise<ChainHead[]> {
  const { rows } = await database.pool.query<ChainHead>(
    `select ${headColumns}, t.slug from audit_heads h left join tenants t on t.id::text = h.chain order by h.chain`,
  );
  return rows;
}

/** Chains that have rows though no head says so: their heads were removed. */
export async function selectHeadlessChains(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ chain: string }>(
    `select t.id::text as chain from tenants t
     where not exists (select from audit_heads h where h.chain = t.id::text)
       and exists (select from audit_log a where a.tenant_id = t.id)
     union all
     select '' where not exists (select from audit_heads where chain = '')
       and exists (select from audit_log where tenant_id is null)`,
  );
  return rows.map(({ chain }) => chain);
}

/** Lets go of what is older than so many years. Returns how many rows went. */
export async function cutAuditLog(database: Database, years: number): Promise<number> {
  const { rows } = await database.pool.query<{ gone: number }>("select cut_audit_log($1)::float8 as gone", [years]);
  return rows[0]?.gone ?? 0;
}

/** Whether there is such a conversation at all, whoever's. */
export async function conversationExists(database: Database, id: string): Promise<boolean> {
  const { rowCount } = await database.pool.query("select 1 from conversations where id = $1", [id]);
  return rowCount === 1;
}
