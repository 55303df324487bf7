import type { Database } from "../pool.ts";
import { isDeadRun, joinedRuns, type RunRow, type RunStatus, runColumns, silentSeconds } from "./ingest-runs.ts";

/** Whose rows are meant: those of the collections that a tenant keeps, or all of the installation's. */
export type TenantScope = { tenantId: string } | "all";

/**
 * A condition over `collections c`; its two parameters are those of `scopeValues`. What is done to the shared
 * collections is told to the tenant that keeps them.
 */
export function inScope(first: number): string {
  return `($${first}::boolean or c.tenant_id = $${first + 1}::uuid or (c.tenant_id is null and exists (
    select 1 from tenants keeper where keeper.id = $${first + 1}::uuid and keeper.keeps_shared)))`;
}

export function scopeValues(scope: TenantScope): [boolean, string | null] {
  return scope === "all" ? [true, null] : [false, scope.tenantId];
}

export interface RetryPolicy {
  /** Times a run is carried out at most before it counts as failed. */
  attempts: number;
  /** Seconds to wait after the first interruption; doubled with each. */
  firstDelay: number;
  /** Seconds to wait at most. */
  longestDelay: number;
}

/**
 * Runs a worker should carry out now, the oldest of each collection: those that wait, those whose worker fell silent,
 * and those cut off long enough ago. Runs of a command are its own, and a collection with a run at work is left out.
 */
export async function selectDueRuns(database: Database, policy: RetryPolicy): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select distinct on (r.collection_id) r.id from ingest_runs r
     where r.trigger <> 'command'
       and (r.status = 'queued' or (r.attempts < $1 and (${isDeadRun} or (r.status = 'interrupted'
         and r.finished_at <= now() - least($3, $2 * 2 ^ greatest(0, r.attempts - 1)) * interval '1 second'))))
       and not exists (select from ingest_runs other where other.collection_id = r.collection_id and other.id <> r.id
         and other.status = 'running' and other.heartbeat_at >= now() - interval '${silentSeconds} seconds')
     order by r.collection_id, r.created_at`,
    [policy.attempts, policy.firstDelay, policy.longestDelay],
  );
  return rows.map(({ id }) => id);
}

/** Fails runs that were cut off as often as a run may be, each with its last reason. @returns how many */
export async function failExhaustedRuns(database: Database, attempts: number): Promise<number> {
  const { rowCount } = await database.pool.query(
    `update ingest_runs r set status = 'failed', worker = null, wanted = null, finished_at = now(),
       error = format('Given up after %s attempts. %s', r.attempts, coalesce(r.error, 'Its worker fell silent.'))
     where r.trigger <> 'command' and r.attempts >= $1 and (r.status = 'interrupted' or ${isDeadRun})`,
    [attempts],
  );
  return rowCount ?? 0;
}

/**
 * Says of commands' runs whose process died that they were cut off (the same command goes on with them), and ends those
 * that their command never took up.
 */
export async function endDeadCommandRuns(database: Database): Promise<number> {
  const { rowCount } = await database.pool.query(
    `update ingest_runs r set worker = null, finished_at = now(), wanted = null,
       status = case when r.status = 'queued' or r.wanted = 'cancel' then 'cancelled'
         when r.wanted = 'pause' then 'paused' else 'interrupted' end,
       error = 'The command that carried it out ended without a word.'
     where r.trigger = 'command'
       and (${isDeadRun} or (r.status = 'queued' and r.created_at < now() - interval '5 minutes'))`,
  );
  return rowCount ?? 0;
}

/** Gives a run that its worker had to let go back to the queue; the attempt does not count. */
export async function requeueRun(database: Database, id: string): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `update ingest_runs set status = 'queued', attempts = greatest(0, attempts - 1), finished_at = null
     where id = $1 and status = 'interrupted'`,
    [id],
  );
  return rowCount === 1;
}

/** How many inputs a run has finished. */
export async function countCheckpoints(database: Database, id: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    "select count(*)::int as count from ingest_checkpoints where run_id = $1",
    [id],
  );
  return rows[0]?.count ?? 0;
}

/** Counts a cut-off run's attempts anew, because it got further. */
export async function restartAttempts(database: Database, id: string): Promise<void> {
  await database.pool.query("update ingest_runs set attempts = 1 where id = $1 and status = 'interrupted'", [id]);
}

/** @returns the run as it then is; null when it is not in scope or in none of the states from which this can be done */
export async function requestPause(database: Database, scope: TenantScope, id: string): Promise<RunRow | null> {
  return change(
    database,
    scope,
    id,
    ["queued", "interrupted", "running"],
    `status = case when r.status = 'running' and not ${isDeadRun} then r.status else 'paused' end,
     wanted = case when r.status = 'running' and not ${isDeadRun} then 'pause' end,
     worker = case when r.status = 'running' and not ${isDeadRun} then r.worker end`,
  );
}

/** Puts a run back into the queue, at its checkpoint and for any worker; takes back a pause not yet obeyed. */
export async function requestResume(database: Database, scope: TenantScope, id: string): Promise<RunRow | null> {
  return change(
    database,
    scope,
    id,
    ["paused", "interrupted", "failed", "running"],
    `status = case when r.status = 'running' then r.status else 'queued' end,
     wanted = case when r.wanted = 'cancel' then r.wanted end,
     attempts = case when r.status = 'running' then r.attempts else 0 end,
     trigger = case when r.status <> 'running' and r.trigger = 'command' then 'person' else r.trigger end,
     error = case when r.status = 'running' then r.error end,
     finished_at = null`,
    "(r.status <> 'running' or r.wanted = 'pause')",
  );
}

/** Ends a run; one at work ends at its next batch, what it has written stays. */
export async function requestCancel(database: Database, scope: TenantScope, id: string): Promise<RunRow | null> {
  return change(
    database,
    scope,
    id,
    ["queued", "interrupted", "paused", "running"],
    `status = case when r.status = 'running' and not ${isDeadRun} then r.status else 'cancelled' end,
     wanted = case when r.status = 'running' and not ${isDeadRun} then 'cancel' end,
     worker = case when r.status = 'running' and not ${isDeadRun} then r.worker end,
     finished_at = case when r.status = 'running' and not ${isDeadRun} then r.finished_at else now() end`,
  );
}

async function change(
  database: Database,
  scope: TenantScope,
  id: string,
  from: RunStatus[],
  assignments: string,
  condition = "true",
): Promise<RunRow | null> {
  const { rowCount } = await database.pool.query(
    `update ingest_runs r set ${assignments} from collections c
     where c.id = r.collection_id and r.id = $1 and r.status = any($2) and ${condition} and ${inScope(3)}`,
    [id, from, ...scopeValues(scope)],
  );
  if (rowCount === 0) return null;
  const { rows } = await database.pool.query<RunRow>(`select ${runColumns} from ${joinedRuns} where r.id = $1`, [id]);
  return rows[0] ?? null;
}
