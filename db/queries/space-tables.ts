import type pg from "pg";
import type { embeddingSpaces } from "../schema/index.ts";

export type SpaceRow = typeof embeddingSpaces.$inferSelect;
export type NewSpace = Pick<SpaceRow, "collectionId" | "provider" | "model" | "dimensions" | "indexType" | "state">;

/** Names of a space's tables: under an HNSW index, and the tail without one. Safe inside a statement. */
export function spaceTables(id: number): { main: string; tail: string } {
  if (!Number.isSafeInteger(id)) throw new TypeError(`not the id of an embedding space: ${id}`);
  return { main: `vectors_${id}`, tail: `vectors_${id}_tail` };
}

/** The index's expression; a search must order by exactly this for the index to serve. */
export function indexedEmbedding(dimensions: number, indexType: SpaceRow["indexType"]): string {
  return `embedding::${indexType}(${Number(dimensions)})`;
}

/** HNSW with m 16 and ef_construction 100: recall ≥ .99 at ef_search 100 on a hundred thousand vectors. */
export function indexStatement(table: string, name: string, space: Pick<SpaceRow, "dimensions" | "indexType">): string {
  const { dimensions, indexType } = space;
  return `create index ${name} on ${table}
    using hnsw ((${indexedEmbedding(dimensions, indexType)}) ${indexType}_cosine_ops) with (m = 16, ef_construction = 100)`;
}

/** A space with its tables, in the caller's transaction. Their checks refuse vectors of any other size. */
export async function insertSpace(client: pg.ClientBase, space: NewSpace): Promise<number> {
  const { collectionId, provider, model, dimensions, indexType, state } = space;
  const { rows } = await client.query<{ id: number }>(
    `insert into embedding_spaces (collection_id, provider, model, dimensions, index_type, state, activated_at)
     values ($1, $2, $3, $4, $5, $6, case when $6 = 'active' then now() end) returning id`,
    [collectionId, provider, model, dimensions, indexType, state],
  );
  const id = rows[0]?.id as number;
  const { main, tail } = spaceTables(id);
  await createVectorTable(client, main, space);
  await createVectorTable(client, tail, space);
  await client.query(indexStatement(main, `${main}_embedding`, space));
  return id;
}

/** Read by the tenants that see the collection. */
export async function createVectorTable(
  client: pg.ClientBase,
  table: string,
  { dimensions, collectionId }: Pick<SpaceRow, "dimensions" | "collectionId">,
): Promise<void> {
  await client.query(
    `create table ${table} (chunk_id bigint constraint ${table}_pkey primary key, embedding vector not null
       constraint ${table}_dimensions check (vector_dims(embedding) = ${Number(dimensions)}))`,
  );
  await client.query("select open_collection_table($1::regclass, $2)", [table, collectionId]);
}

export async function dropSpaceTables(client: pg.ClientBase, id: number): Promise<void> {
  const { main, tail } = spaceTables(id);
  await client.query(`drop table if exists ${main}, ${tail}`);
}

/** What a SpaceRow is read by. */
export const spaceColumns = `id, collection_id as "collectionId", provider, model, dimensions, index_type as "indexType", state,
  tail_count as "tailCount", recall, created_at as "createdAt", activated_at as "activatedAt"`;

/** One writer of a collection at a time. */
export async function lockCollection(client: pg.PoolClient, space: SpaceRow): Promise<void> {
  await client.query("select 1 from collections where id = $1 for update", [space.collectionId]);
}
