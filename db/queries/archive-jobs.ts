import { type Database, transaction } from "../pool.ts";
import { type AuditEntry, insertAudit } from "./audit.ts";
import type { Reader } from "./conversations.ts";

export interface JobCounts {
  conversations?: number;
  messages?: number;
  refused?: number;
  total?: number;
}

export interface ArchiveJobRow {
  id: string;
  tenantId: string;
  userId: string;
  kind: "export" | "change" | "own-data";
  request: unknown;
  status: "queued" | "running" | "complete" | "failed" | "cancelled";
  cancelRequested: boolean;
  cursor: unknown;
  counts: JobCounts;
  outcome: { id: string; why: string }[];
  pieces: number;
  bytes: number;
  error: string | null;
  attempts: number;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date | null;
  removedAt: Date | null;
}

/** How far a job is; saved together, so that whoever goes on finds all of it or nothing. */
export interface JobProgress {
  cursor: unknown;
  counts: JobCounts;
  outcome: { id: string; why: string }[];
  pieces: number;
  bytes: number;
}

/** Seconds after which a job whose worker says nothing may be taken over. */
const silentSeconds = 30;
const mostAttempts = 12;

const columns = `id, tenant_id as "tenantId", user_id as "userId", kind, request, status,
  cancel_requested as "cancelRequested", cursor, counts, outcome, pieces, bytes::float8 as bytes, error, attempts,
  created_at as "createdAt", finished_at as "finishedAt", expires_at as "expiresAt", removed_at as "removedAt"`;

/** Asks for a job and records it, in one transaction; null when the person has `limit` open ones already. */
export async function insertArchiveJob(
  database: Database,
  actor: Reader,
  job: { kind: ArchiveJobRow["kind"]; request: unknown },
  limit: number,
  auditOf: (id: string) => AuditEntry,
): Promise<ArchiveJobRow | null> {
  return transaction(database, async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtextextended('archive_jobs:' || $1, 0))", [actor.userId]);
    const { rows } = await client.query<ArchiveJobRow>(
      `insert into archive_jobs (tenant_id, user_id, kind, request) select $1, $2, $3, $4
       where (select count(*) from archive_jobs where tenant_id = $1 and user_id = $2
         and status in ('queued', 'running')) < $5
       returning ${columns}`,
      [actor.tenantId, actor.userId, job.kind, JSON.stringify(job.request), limit],
    );
    const row = rows[0];
    if (!row) return null;
    await insertAudit(client, auditOf(row.id));
    return row;
  });
}

/** A person's own jobs of these kinds, the newest first. */
export async function selectArchiveJobs(
  database: Database,
  reader: Reader,
  kinds: ArchiveJobRow["kind"][],
  limit: number,
): Promise<ArchiveJobRow[]> {
  const { rows } = await database.pool.query<ArchiveJobRow>(
    `select ${columns} from archive_jobs where tenant_id = $1 and user_id = $2 and kind = any($3)
     order by created_at desc, id limit $4`,
    [reader.tenantId, reader.userId, kinds, limit],
  );
  return rows;
}

/** One of a person's own jobs. */
export async function selectArchiveJob(database: Database, reader: Reader, id: string): Promise<ArchiveJobRow | null> {
  const { rows } = await database.pool.query<ArchiveJobRow>(
    `select ${columns} from archive_jobs where tenant_id = $1 and user_id = $2 and id = $3`,
    [reader.tenantId, reader.userId, id],
  );
  return rows[0] ?? null;
}

/** One that waits is cancelled at once, one at work as soon as it saves. */
export async function cancelArchiveJob(database: Database, reader: Reader, id: string): Promise<ArchiveJobRow | null> {
  const { rows } = await database.pool.query<ArchiveJobRow>(
    `update archive_jobs set cancel_requested = true,
       finished_at = case when status = 'queued' then now() end,
       status = case when status = 'queued' then 'cancelled' else status end
     where tenant_id = $1 and user_id = $2 and id = $3 and status in ('queued', 'running') returning ${columns}`,
    [reader.tenantId, reader.userId, id],
  );
  return rows[0] ?? null;
}

/** Ids of the jobs that wait, or whose worker fell silent; ones tried too often have failed. */
export async function selectDueArchiveJobs(database: Database, limit: number): Promise<string[]> {
  await database.pool.query(
    `update archive_jobs set status = 'failed', finished_at = now(),
       error = coalesce(error, 'Given up: its worker fell silent time and again.')
     where status = 'running' and attempts >= $1 and heartbeat_at < now() - make_interval(secs => $2)`,
    [mostAttempts, silentSeconds],
  );
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from archive_jobs
     where status = 'queued' and (heartbeat_at is null or heartbeat_at < now() - interval '15 seconds')
       or status = 'running' and heartbeat_at < now() - make_interval(secs => $1)
     order by created_at limit $2`,
    [silentSeconds, limit],
  );
  return rows.map(({ id }) => id);
}

/** Takes a job up, if nobody else is at it. */
export async function claimArchiveJob(database: Database, id: string, worker: string): Promise<ArchiveJobRow | null> {
  const { rows } = await database.pool.query<ArchiveJobRow>(
    `update archive_jobs set status = 'running', worker = $2, attempts = attempts + 1, heartbeat_at = now()
     where id = $1 and (status = 'queued'
       or status = 'running' and heartbeat_at < now() - make_interval(secs => $3)) returning ${columns}`,
    [id, worker, silentSeconds],
  );
  return rows[0] ?? null;
}

/** Saves how far it is. @returns whether it is still this worker's, and whether it is to end */
export async function saveArchiveJob(
  database: Database,
  id: string,
  worker: string,
  progress: JobProgress,
): Promise<{ cancelRequested: boolean } | null> {
  const { cursor, counts, outcome, pieces, bytes } = progress;
  const { rows } = await database.pool.query<{ cancelRequested: boolean }>(
    `update archive_jobs set cursor = $3, counts = $4, outcome = $5, pieces = $6, bytes = $7, heartbeat_at = now(),
       attempts = 1
     where id = $1 and worker = $2 and status = 'running' returning cancel_requested as "cancelRequested"`,
    [id, worker, JSON.stringify(cursor), JSON.stringify(counts), JSON.stringify(outcome), pieces, bytes],
  );
  return rows[0] ?? null;
}

/** Ends a job, or gives it back (`queued`) to be gone on with. A file of it is kept for so many hours. */
export async function endArchiveJob(
  database: Database,
  id: string,
  worker: string,
  end: { status: "complete" | "failed" | "cancelled" | "queued"; error: string | null; keepHours: number | null },
  audit: AuditEntry | null = null,
): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rowCount } = await client.query(
      `update archive_jobs set status = $3, error = $4, worker = null,
         finished_at = case when $3 = 'queued' then null else now() end,
         expires_at = case when $5::int is not null then now() + make_interval(hours => $5::int) end
       where id = $1 and worker = $2 and status = 'running'`,
      [id, worker, end.status, end.error, end.keepHours],
    );
    if (rowCount !== 1) return false;
    if (audit) await insertAudit(client, audit);
    return true;
  });
}

/** Jobs whose files' time is over, or that ended without a file that is of use. */
export async function selectExpiredArchiveJobs(
  database: Database,
  limit: number,
): Promise<{ id: string; tenantId: string }[]> {
  const { rows } = await database.pool.query<{ id: string; tenantId: string }>(
    `select id, tenant_id as "tenantId" from archive_jobs
     where removed_at is null and expires_at <= now() order by expires_at limit $1`,
    [limit],
  );
  return rows;
}

/** The job's file is gone; what it was stays known for so many days. */
export async function markArchiveJobRemoved(database: Database, id: string): Promise<void> {
  await database.pool.query("update archive_jobs set removed_at = now() where id = $1", [id]);
}

export async function deleteOldArchiveJobs(database: Database, days: number): Promise<number> {
  const { rowCount } = await database.pool.query(
    `delete from archive_jobs where finished_at < now() - make_interval(days => $1)
       and (expires_at is null or removed_at is not null)`,
    [days],
  );
  await database.pool.query("delete from archive_openings where expires_at < now() - make_interval(days => $1)", [
    days,
  ]);
  return rowCount ?? 0;
}
