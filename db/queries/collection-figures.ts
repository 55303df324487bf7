import type { Database } from "../pool.ts";
import { partition } from "./collections.ts";
import { countVectors } from "./space-merge.ts";
import { spaceTables } from "./space-tables.ts";
import { listSpaces, type SpaceRow } from "./spaces.ts";

export interface SpaceFigures extends SpaceRow {
  /** Vectors under the index, and those that are still searched one by one. */
  vectors: { main: number; tail: number };
  bytes: number;
}

export interface CollectionFigures {
  spaces: SpaceFigures[];
  /** On disk: chunks, their index and vectors in tables of the collection's own, exactly. */
  bytes: number;
  /** Its share of the documents' table, by the number of documents. */
  documentBytes: number;
  /** When the last run that changed the collection, or could have, was complete. */
  lastCompleteRun: { id: string; finishedAt: Date } | null;
}

/** What an operator wants to know of a collection beside its counters. Reads every vector's key: seconds at millions. */
export async function collectionFigures(database: Database, id: number): Promise<CollectionFigures> {
  const spaces: SpaceFigures[] = [];
  for (const space of await listSpaces(database, id)) {
    const { main, tail } = spaceTables(space.id);
    spaces.push({
      ...space,
      vectors: await countVectors(database.pool, space),
      bytes: await sizeOf(database, [main, tail]),
    });
  }
  const own = await sizeOf(database, [partition("chunks", id), partition("chunk_terms", id)]);
  const documents = await database.pool.query<{ bytes: number }>(
    `select coalesce(pg_total_relation_size('documents') * sum(document_count) filter (where id = $1)
       / nullif(sum(document_count), 0), 0)::float8 as bytes from collections`,
    [id],
  );
  const last = await database.pool.query<{ id: string; finishedAt: Date }>(
    `select id, finished_at as "finishedAt" from ingest_runs
     where collection_id = $1 and status = 'complete' and kind = 'ingest' and not dry_run
     order by finished_at desc limit 1`,
    [id],
  );
  return {
    spaces,
    bytes: own + spaces.reduce((sum, { bytes }) => sum + bytes, 0),
    documentBytes: Math.round(documents.rows[0]?.bytes ?? 0),
    lastCompleteRun: last.rows[0] ?? null,
  };
}

async function sizeOf(database: Database, tables: string[]): Promise<number> {
  const { rows } = await database.pool.query<{ bytes: number }>(
    "select coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::float8 as bytes from unnest($1::text[]) name",
    [tables],
  );
  return rows[0]?.bytes ?? 0;
}
