import { type Database, transaction } from "../pool.ts";
import type { ingestRuns } from "../schema/index.ts";

export type RunRow = Omit<typeof ingestRuns.$inferSelect, "position"> & { position: RunPosition; collection: string };
export type RunStatus = RunRow["status"];

/** What a run is at. */
export interface RunPosition {
  input?: string;
  note?: string;
}

export interface IngestCounts {
  read: number;
  added: number;
  updated: number;
  unchanged: number;
  deleted: number;
  failed: number;
  chunks: number;
  /** Chunks whose vector was found by the hash of their text. */
  reused: number;
  /** Documents whose status another record changed. */
  marked: number;
}

export interface NewFailure {
  file: string;
  record: number | null;
  offset: number | null;
  sourceId: string | null;
  code: string;
  reason: string;
  /** The input's key within its source. */
  input: string | null;
}

export type NewRun = Pick<RunRow, "collectionId" | "request" | "trigger"> &
  Partial<Pick<RunRow, "kind" | "isSample" | "dryRun" | "requestedBy" | "scheduleId" | "retryOf">>;

const columns = `r.id, r.collection_id as "collectionId", c.slug as collection, r.kind, r.status, r.wanted, r.request,
  r.is_sample as "isSample", r.dry_run as "dryRun", r.trigger, r.requested_by as "requestedBy",
  r.schedule_id as "scheduleId", r.retry_of as "retryOf", r.worker, r.heartbeat_at as "heartbeatAt", r.attempts,
  r.position, r.read, r.added, r.updated, r.unchanged, r.deleted, r.failed, r.chunks, r.reused, r.marked, r.error,
  r.created_at as "createdAt", r.started_at as "startedAt", r.finished_at as "finishedAt"`;
const joined = "ingest_runs r join collections c on c.id = r.collection_id";

export { columns as runColumns, isDead as isDeadRun, joined as joinedRuns };

/** Seconds after which a run whose worker is silent may be taken over. */
export const silentSeconds = 30;
const isDead = `(r.status = 'running' and r.heartbeat_at < now() - interval '${silentSeconds} seconds')`;

/** A run that waits for a worker. */
export async function insertRun(database: Database, run: NewRun): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    `insert into ingest_runs (collection_id, status, request, trigger, kind, is_sample, dry_run, requested_by,
       schedule_id, retry_of)
     values ($1, 'queued', $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      run.collectionId,
      JSON.stringify(run.request),
      run.trigger,
      run.kind ?? "ingest",
      run.isSample ?? false,
      run.dryRun ?? false,
      run.requestedBy ?? null,
      run.scheduleId ?? null,
      run.retryOf ?? null,
    ],
  );
  return rows[0]?.id as string;
}

export async function selectRun(database: Database, id: string): Promise<RunRow | null> {
  const { rows } = await database.pool.query<RunRow>(`select ${columns} from ${joined} where r.id = $1`, [id]);
  return rows[0] ?? null;
}

/**
 * Gives a run to a worker: one that waits, or one whose worker fell silent. At most one run of a collection is at
 * work at a time.
 * @returns null when it is another's, has ended, is paused, or another run of its collection is at work
 */
export async function claimRun(database: Database, id: string, worker: string): Promise<RunRow | null> {
  return transaction(database, async (client) => {
    const { rows: wanted } = await client.query<{ collection_id: number }>(
      "select collection_id from ingest_runs where id = $1",
      [id],
    );
    if (!wanted[0]) return null;
    await client.query("select 1 from collections where id = $1 for update", [wanted[0].collection_id]);
    const { rowCount } = await client.query(
      `update ingest_runs r set status = 'running', worker = $2, heartbeat_at = now(), attempts = attempts + 1,
         error = null, finished_at = null, started_at = coalesce(started_at, now())
       where id = $1 and (status in ('queued', 'interrupted') or ${isDead}) and not exists (
         select from ingest_runs other where other.collection_id = r.collection_id and other.id <> r.id
           and other.status = 'running' and other.heartbeat_at >= now() - interval '${silentSeconds} seconds')`,
      [id, worker],
    );
    if (rowCount === 0) return null;
    const { rows } = await client.query<RunRow>(`select ${columns} from ${joined} where r.id = $1`, [id]);
    return rows[0] ?? null;
  });
}

/** The newest run of the same request that was cut off, to be gone on with; null when there is none. */
export async function findInterruptedRun(
  database: Database,
  run: Pick<NewRun, "collectionId" | "request"> & { dryRun: boolean; isSample: boolean },
): Promise<RunRow | null> {
  const { rows } = await database.pool.query<RunRow>(
    `select ${columns} from ${joined} where r.collection_id = $1 and r.request = $2 and r.dry_run = $3
       and r.is_sample = $4 and r.kind = 'ingest' and r.retry_of is null
       and (r.status = 'interrupted' or ${isDead})
       and not exists (select from ingest_runs later where later.collection_id = r.collection_id
         and later.request = r.request and later.status = 'complete' and later.created_at > r.created_at)
     order by r.created_at desc limit 1`,
    [run.collectionId, JSON.stringify(run.request), run.dryRun, run.isSample],
  );
  return rows[0] ?? null;
}

/**
 * A sign of life with how far the run is; now and then also a point of its rate.
 * @returns what was asked of it meanwhile; null when it is no longer this worker's
 */
export async function beatRun(
  database: Database,
  id: string,
  worker: string,
  counts: IngestCounts,
  position: RunPosition,
): Promise<{ wanted: RunRow["wanted"] } | null> {
  const { rows } = await database.pool.query<{ wanted: RunRow["wanted"] }>(
    `with beat as (
       update ingest_runs set heartbeat_at = now(), position = $3, ${countAssignments(4)}
       where id = $1 and worker = $2 and status = 'running' returning id, wanted
     ), point as (
       insert into ingest_progress (run_id, at, read, chunks, failed)
       select id, clock_timestamp(), $4, $10, $9 from beat on conflict do nothing
     )
     select wanted from beat`,
    [id, worker, JSON.stringify(position), ...countValues(counts)],
  );
  return rows[0] ?? null;
}

/** The run's end, or its pause. @returns false when it is no longer this worker's */
export async function endRun(
  database: Database,
  id: string,
  worker: string,
  counts: IngestCounts,
  end: { status: Exclude<RunStatus, "queued" | "running">; error: string | null },
): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `with ended as (
       update ingest_runs set status = $3, error = $4, wanted = null, worker = null, ${countAssignments(5)},
         finished_at = case when $3 = 'paused' then null else now() end
       where id = $1 and worker = $2 and status = 'running' returning id
     ), point as (
       insert into ingest_progress (run_id, at, read, chunks, failed)
       select id, clock_timestamp(), $5, $11, $10 from ended on conflict do nothing
     )
     select from ended`,
    [id, worker, end.status, end.error, ...countValues(counts)],
  );
  return rowCount === 1;
}

const countNames = [
  "read",
  "added",
  "updated",
  "unchanged",
  "deleted",
  "failed",
  "chunks",
  "reused",
  "marked",
] as const;

function countAssignments(first: number): string {
  return countNames.map((name, at) => `${name} = $${first + at}`).join(", ");
}

function countValues(counts: IngestCounts): number[] {
  return countNames.map((name) => counts[name]);
}

/** An input that was taken in whole, with its counts and with what failed in it. */
export async function insertCheckpoint(
  database: Database,
  runId: string,
  input: string,
  counts: IngestCounts,
): Promise<void> {
  await database.pool.query(
    `insert into ingest_checkpoints (run_id, input, counts) values ($1, $2, $3)
     on conflict (run_id, input) do update set counts = excluded.counts, finished_at = now()`,
    [runId, input, JSON.stringify(counts)],
  );
}

/** The inputs that a run has finished, with their counts. Failures of the others are forgotten: they are read again. */
export async function resumeCheckpoints(database: Database, runId: string): Promise<Map<string, IngestCounts>> {
  await database.pool.query(
    `delete from ingest_failures f where run_id = $1 and not exists (
       select from ingest_checkpoints c where c.run_id = f.run_id and c.input = f.input)`,
    [runId],
  );
  const { rows } = await database.pool.query<{ input: string; counts: IngestCounts }>(
    "select input, counts from ingest_checkpoints where run_id = $1",
    [runId],
  );
  return new Map(rows.map(({ input, counts }) => [input, counts]));
}

export async function insertFailures(database: Database, runId: string, failures: NewFailure[]): Promise<void> {
  if (failures.length === 0) return;
  await database.pool.query(
    `insert into ingest_failures (run_id, file, record, byte_offset, source_id, code, reason, input)
     select $1, file, record, "offset", "sourceId", code, reason, input
     from json_to_recordset($2) as r(file text, record int, "offset" bigint, "sourceId" text, code text, reason text,
       input text)`,
    [runId, JSON.stringify(failures)],
  );
}

/** Inputs in which records of a run failed and have not been taken in since. */
export async function failedInputs(database: Database, runId: string): Promise<Set<string>> {
  const { rows } = await database.pool.query<{ input: string }>(
    "select distinct input from ingest_failures where run_id = $1 and resolved_by is null and input is not null",
    [runId],
  );
  return new Set(rows.map(({ input }) => input));
}

/** Settles the failures of a run that another run, having read their inputs again, did not meet any more. */
export async function resolveFailures(database: Database, runId: string, by: string): Promise<number> {
  const { rowCount } = await database.pool.query(
    `update ingest_failures f set resolved_by = $2
     where run_id = $1 and resolved_by is null
       and exists (select from ingest_checkpoints c where c.run_id = $2 and c.input = f.input)
       and not exists (select from ingest_failures again where again.run_id = $2 and again.input = f.input
         and again.record is not distinct from f.record and again.source_id is not distinct from f.source_id)`,
    [runId, by],
  );
  return rowCount ?? 0;
}

/** Where a source of a collection was left; null when it was never read to its end. */
export async function selectCursor(database: Database, collectionId: number, source: string): Promise<unknown> {
  const { rows } = await database.pool.query<{ cursor: unknown }>(
    "select cursor from source_cursors where collection_id = $1 and source = $2",
    [collectionId, source],
  );
  return rows[0]?.cursor ?? null;
}

export async function saveCursor(
  database: Database,
  collectionId: number,
  source: string,
  cursor: unknown,
): Promise<void> {
  await database.pool.query(
    `insert into source_cursors (collection_id, source, cursor) values ($1, $2, $3)
     on conflict (collection_id, source) do update set cursor = excluded.cursor, updated_at = now()`,
    [collectionId, source, JSON.stringify(cursor)],
  );
}
