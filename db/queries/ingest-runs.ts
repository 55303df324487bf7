import type { Database } from "../pool.ts";

export interface IngestCounts {
  read: number;
  added: number;
  updated: number;
  unchanged: number;
  deleted: number;
  failed: number;
  chunks: number;
}

export interface NewFailure {
  file: string;
  record: number | null;
  offset: number | null;
  sourceId: string | null;
  code: string;
  reason: string;
}

export async function startIngestRun(database: Database, collectionId: number, inputs: string[]): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    "insert into ingest_runs (collection_id, status, inputs) values ($1, 'running', $2) returning id",
    [collectionId, JSON.stringify(inputs)],
  );
  return rows[0]?.id as string;
}

export async function saveIngestRun(
  database: Database,
  id: string,
  counts: IngestCounts,
  end?: { status: "complete" | "failed" | "interrupted"; error: string | null },
): Promise<void> {
  await database.pool.query(
    `update ingest_runs set read = $2, added = $3, updated = $4, unchanged = $5, deleted = $6, failed = $7, chunks = $8,
       status = coalesce($9, status), error = $10, finished_at = case when $9::text is null then null else now() end
     where id = $1`,
    [
      id,
      counts.read,
      counts.added,
      counts.updated,
      counts.unchanged,
      counts.deleted,
      counts.failed,
      counts.chunks,
      end?.status ?? null,
      end?.error ?? null,
    ],
  );
}

export async function insertFailures(database: Database, runId: string, failures: NewFailure[]): Promise<void> {
  if (failures.length === 0) return;
  await database.pool.query(
    `insert into ingest_failures (run_id, file, record, byte_offset, source_id, code, reason)
     select $1, file, record, "offset", "sourceId", code, reason
     from json_to_recordset($2) as r(file text, record int, "offset" bigint, "sourceId" text, code text, reason text)`,
    [runId, JSON.stringify(failures)],
  );
}
