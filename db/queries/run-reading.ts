import type { Database } from "../pool.ts";
import { type IngestCounts, joinedRuns, type RunRow, type RunStatus, runColumns } from "./ingest-runs.ts";
import { inScope, scopeValues, type TenantScope } from "./run-control.ts";

export interface Page {
  limit: number;
  offset: number;
}

export interface FoundRun extends RunRow {
  requestedByName: string | null;
  /** Records that failed and have not been taken in by a later run. */
  unresolved: number;
}

const foundColumns = `${runColumns}, (select u.name from users u where u.id = r.requested_by) as "requestedByName",
  (select count(*)::int from ingest_failures f where f.run_id = r.id and f.resolved_by is null) as unresolved`;

/** Runs, the newest first, with how many there are in all. */
export async function selectRuns(
  database: Database,
  scope: TenantScope,
  filter: { collection?: string | undefined; statuses?: RunStatus[] | undefined },
  { limit, offset }: Page,
): Promise<{ runs: FoundRun[]; total: number }> {
  const where = `${inScope(1)} and ($3::text is null or c.slug = $3) and ($4::text[] is null or r.status = any($4))`;
  const values = [...scopeValues(scope), filter.collection ?? null, filter.statuses ?? null];
  const counted = await database.pool.query<{ total: number }>(
    `select count(*)::int as total from ${joinedRuns} where ${where}`,
    values,
  );
  const { rows } = await database.pool.query<FoundRun>(
    `select ${foundColumns} from ${joinedRuns} where ${where} order by r.created_at desc, r.id limit $5 offset $6`,
    [...values, limit, offset],
  );
  return { runs: rows, total: counted.rows[0]?.total ?? 0 };
}

export async function findRun(database: Database, scope: TenantScope, id: string): Promise<FoundRun | null> {
  const { rows } = await database.pool.query<FoundRun>(
    `select ${foundColumns} from ${joinedRuns} where ${inScope(1)} and r.id::text = $3`,
    [...scopeValues(scope), id],
  );
  return rows[0] ?? null;
}

export interface ProgressPoint {
  at: Date;
  read: number;
  chunks: number;
  failed: number;
}

/** How far a run was, over time: the last point of each of at most `most` stretches of equally many points. */
export async function selectProgress(database: Database, runId: string, most: number): Promise<ProgressPoint[]> {
  const { rows } = await database.pool.query<ProgressPoint>(
    `select distinct on (stretch) at, read, chunks, failed
     from (select *, ntile($2) over (order by at) as stretch from ingest_progress where run_id = $1) points
     order by stretch, at desc`,
    [runId, most],
  );
  return rows;
}

/** The points of a run's last minutes, for the rate it has now. */
export async function selectRecentProgress(
  database: Database,
  runId: string,
  seconds: number,
): Promise<ProgressPoint[]> {
  const { rows } = await database.pool.query<ProgressPoint>(
    `select at, read, chunks, failed from ingest_progress p where run_id = $1
       and at >= (select max(at) from ingest_progress where run_id = $1) - $2 * interval '1 second' order by at`,
    [runId, seconds],
  );
  return rows;
}

export interface FailureRow {
  id: number;
  file: string;
  record: number | null;
  byteOffset: number | null;
  sourceId: string | null;
  code: string;
  reason: string;
  occurredAt: Date;
  resolvedBy: string | null;
}

/** A run's failed records in the order they were met, with how many there are in all. */
export async function selectFailures(
  database: Database,
  runId: string,
  { limit, offset }: Page,
  onlyUnresolved: boolean,
): Promise<{ failures: FailureRow[]; total: number }> {
  const where = "run_id = $1 and (not $2 or resolved_by is null)";
  const counted = await database.pool.query<{ total: number }>(
    `select count(*)::int as total from ingest_failures where ${where}`,
    [runId, onlyUnresolved],
  );
  const { rows } = await database.pool.query<FailureRow>(
    `select id::float8 as id, file, record, byte_offset::float8 as "byteOffset", source_id as "sourceId", code, reason,
       occurred_at as "occurredAt", resolved_by as "resolvedBy"
     from ingest_failures where ${where} order by id limit $3 offset $4`,
    [runId, onlyUnresolved, limit, offset],
  );
  return { failures: rows, total: counted.rows[0]?.total ?? 0 };
}

export interface FinishedInput {
  input: string;
  counts: IngestCounts;
}

/** The inputs that a run has finished, with what came of each. */
export async function selectFinishedInputs(database: Database, runId: string): Promise<FinishedInput[]> {
  const { rows } = await database.pool.query<FinishedInput>(
    "select input, counts from ingest_checkpoints where run_id = $1 order by input",
    [runId],
  );
  return rows;
}

/** The run of a collection that is at work, or waits to be. */
export async function findOpenRun(database: Database, collectionId: number): Promise<RunRow | null> {
  const { rows } = await database.pool.query<RunRow>(
    `select ${runColumns} from ${joinedRuns} where r.collection_id = $1 and r.status in ('running', 'queued')
     order by r.status = 'running' desc, r.created_at limit 1`,
    [collectionId],
  );
  return rows[0] ?? null;
}
