import type pg from "pg";
import { copyRows } from "../copy.ts";
import { type Database, transaction } from "../pool.ts";
import { vectorColumns } from "./chunk-rows.ts";
import {
  dropSpaceTables,
  indexedEmbedding,
  insertSpace,
  lockCollection,
  type NewSpace,
  type SpaceRow,
  spaceColumns,
  spaceTables,
} from "./space-tables.ts";

export type { SpaceRow } from "./space-tables.ts";

/** A collection's spaces, the active one first, then the newest. */
export async function listSpaces(database: Database, collectionId: number): Promise<SpaceRow[]> {
  const { rows } = await database.pool.query<SpaceRow>(
    `select ${spaceColumns} from embedding_spaces where collection_id = $1 order by state = 'active' desc, id desc`,
    [collectionId],
  );
  return rows;
}

/** The space being filled with these settings; made when the collection has none. Null when another is being filled. */
export async function ensureFillingSpace(
  database: Database,
  wanted: Pick<NewSpace, "collectionId" | "provider" | "model" | "dimensions">,
): Promise<SpaceRow | null> {
  return transaction(database, async (client) => {
    await client.query("select 1 from collections where id = $1 for update", [wanted.collectionId]);
    const { rows } = await client.query<SpaceRow>(
      `select ${spaceColumns} from embedding_spaces where collection_id = $1 and state = 'filling'`,
      [wanted.collectionId],
    );
    const filling = rows[0];
    if (filling) return isSameSpace(filling, wanted) ? filling : null;
    const retired = await client.query<SpaceRow>(
      `update embedding_spaces set state = 'filling' where id = (
         select id from embedding_spaces where collection_id = $1 and state = 'retired'
           and provider = $2 and model = $3 and dimensions = $4 order by id desc limit 1)
       returning ${spaceColumns}`,
      [wanted.collectionId, wanted.provider, wanted.model, wanted.dimensions],
    );
    if (retired.rows[0]) return retired.rows[0]; // what it holds already is not made again
    const indexType = database.isEmbedded ? "vector" : "halfvec";
    const id = await insertSpace(client, { ...wanted, indexType, state: "filling" });
    const made = await client.query<SpaceRow>(`select ${spaceColumns} from embedding_spaces where id = $1`, [id]);
    return made.rows[0] as SpaceRow;
  });
}

function isSameSpace(
  one: Pick<SpaceRow, "provider" | "model" | "dimensions">,
  other: Pick<SpaceRow, "provider" | "model" | "dimensions">,
): boolean {
  return one.provider === other.provider && one.model === other.model && one.dimensions === other.dimensions;
}

/** A chunk with what its embedding is made of. */
export interface ChunkToEmbed {
  id: string;
  title: string;
  titleFromText: boolean;
  section: string | null;
  text: string;
}

/** Chunks that a space has no vector for, by id. */
export async function chunksWithoutVector(database: Database, space: SpaceRow, limit: number): Promise<ChunkToEmbed[]> {
  const { main, tail } = spaceTables(space.id);
  const { rows } = await database.pool.query<ChunkToEmbed>(
    `select c.id::text, d.title, coalesce(d.metadata->>'titleFromText', '') = 'true' as "titleFromText", c.section, c.text
     from chunks c join documents d on d.id = c.document_id
     where c.collection_id = $1 and not exists (select from ${main} v where v.chunk_id = c.id)
       and not exists (select from ${tail} v where v.chunk_id = c.id)
     order by c.id limit $2`,
    [space.collectionId, limit],
  );
  return rows;
}

/** How many chunks of its collection a space has no vector for. */
export async function countWithoutVector(database: Database, space: SpaceRow): Promise<number> {
  return withoutVector(database.pool, space);
}

async function withoutVector(client: Pick<pg.PoolClient, "query">, space: SpaceRow): Promise<number> {
  const { main, tail } = spaceTables(space.id);
  const { rows } = await client.query<{ missing: number }>(
    `select count(*)::int as missing from chunks c
     where c.collection_id = $1 and not exists (select from ${main} v where v.chunk_id = c.id)
       and not exists (select from ${tail} v where v.chunk_id = c.id)`,
    [space.collectionId],
  );
  return rows[0]?.missing ?? 0;
}

/** Adds vectors for chunks that still exist and have none yet. */
export async function writeVectors(
  database: Database,
  space: SpaceRow,
  vectors: { id: string; embedding: ArrayLike<number> }[],
): Promise<number> {
  const { main, tail } = spaceTables(space.id);
  return transaction(database, async (client) => {
    await client.query("select 1 from collections where id = $1 for update", [space.collectionId]);
    const { rows } = await client.query<{ id: string }>(
      `select c.id::text from chunks c where c.collection_id = $1 and c.id = any($2::bigint[])
         and not exists (select from ${main} v where v.chunk_id = c.id)
         and not exists (select from ${tail} v where v.chunk_id = c.id)`,
      [space.collectionId, vectors.map(({ id }) => id)],
    );
    const wanted = new Set(rows.map(({ id }) => id));
    const written = await copyRows(
      client,
      tail,
      vectorColumns,
      vectors.filter(({ id }) => wanted.has(id)),
    );
    await client.query("update embedding_spaces set tail_count = tail_count + $2 where id = $1", [space.id, written]);
    return written;
  });
}

/** Vectors of a space by the hash of what was embedded, for texts that were embedded before. */
export async function vectorsByContent(
  database: Database,
  space: Pick<SpaceRow, "id" | "collectionId">,
  hashes: Buffer[],
): Promise<Map<string, Float32Array>> {
  if (hashes.length === 0) return new Map();
  const { main, tail } = spaceTables(space.id);
  const { rows } = await database.pool.query<{ hash: string; embedding: string }>(
    `select distinct on (c.content_hash) encode(c.content_hash, 'hex') as hash,
       coalesce(m.embedding, t.embedding)::text as embedding
     from chunks c left join ${main} m on m.chunk_id = c.id left join ${tail} t on t.chunk_id = c.id
     where c.collection_id = $1 and c.content_hash = any($2) and (m.embedding is not null or t.embedding is not null)`,
    [space.collectionId, hashes],
  );
  return new Map(rows.map(({ hash, embedding }) => [hash, Float32Array.from(JSON.parse(embedding) as number[])]));
}

/** Distances this near to each other are equal: a half has eleven bits. */
const equalDistance = 1e-3;

/**
 * Mean recall@10 of a space's index against exact search, over vectors of its own as questions; kept with the space.
 * What the index finds counts when it is as near as the tenth of exact search: among equals it may choose.
 * @returns 1 for a space without vectors
 */
export async function checkSpace(database: Database, space: SpaceRow, questions = 50): Promise<number> {
  const { main } = spaceTables(space.id);
  const embedding = indexedEmbedding(space.dimensions, space.indexType);
  const type = `${space.indexType}(${Number(space.dimensions)})`;
  const recall = await transaction(database, async (client) => {
    const sample = await client.query<{ embedding: string }>(
      `select embedding::text from ${main} where chunk_id in (select chunk_id from ${main} order by md5(chunk_id::text) limit $1)`,
      [questions],
    );
    if (sample.rows.length === 0) return 1;
    const nearest = async ({ embedding: question }: { embedding: string }) => {
      const found = await client.query<{ distance: number }>(
        `select ${embedding} <=> $1::vector::${type} as distance from ${main} order by ${embedding} <=> $1::vector::${type} limit 10`,
        [question],
      );
      return found.rows.map(({ distance }) => distance);
    };
    const byIndex: number[][] = [];
    for (const row of sample.rows) byIndex.push(await nearest(row));
    await client.query("set local enable_indexscan = off");
    let sum = 0;
    for (const [at, row] of sample.rows.entries()) {
      const exact = await nearest(row);
      const limit = Math.max(...exact) + equalDistance;
      sum += (byIndex[at] ?? []).filter((distance) => distance <= limit).length / exact.length;
    }
    return sum / sample.rows.length;
  });
  await database.pool.query("update embedding_spaces set recall = $2 where id = $1", [space.id, recall]);
  return recall;
}

/**
 * Makes a space the one that is searched, in one transaction; the one before is kept for going back.
 * @returns how many chunks it still has no vector for; nothing is changed unless 0
 */
export async function activateSpace(database: Database, spaceId: number): Promise<number> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<SpaceRow>(`select ${spaceColumns} from embedding_spaces where id = $1`, [
      spaceId,
    ]);
    const space = rows[0];
    if (!space) throw new Error(`there is no embedding space ${spaceId}`);
    await lockCollection(client, space);
    const missing = await withoutVector(client, space);
    if (missing > 0) return missing;
    await client.query(
      "update embedding_spaces set state = 'retired' where collection_id = $1 and state = 'active' and id <> $2",
      [space.collectionId, spaceId],
    );
    await client.query("update embedding_spaces set state = 'active', activated_at = now() where id = $1", [spaceId]);
    await client.query("update collections set corpus_version = corpus_version + 1, updated_at = now() where id = $1", [
      space.collectionId,
    ]);
    return 0;
  });
}

/** Removes a space that is not searched, with its vectors. @returns false when it is the active one, or not there */
export async function dropSpace(database: Database, spaceId: number): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rowCount } = await client.query("delete from embedding_spaces where id = $1 and state <> 'active'", [
      spaceId,
    ]);
    if (rowCount === 0) return false;
    await dropSpaceTables(client, spaceId);
    return true;
  });
}
