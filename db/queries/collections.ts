import { type Database, transaction } from "../pool.ts";
import type { collections } from "../schema/index.ts";

export type CollectionRow = typeof collections.$inferSelect;
export type NewCollection = Pick<
  typeof collections.$inferInsert,
  | "slug"
  | "title"
  | "description"
  | "sourceType"
  | "embeddingProvider"
  | "embeddingModel"
  | "embeddingDimensions"
  | "chunkSettings"
> & { tenantId?: string | null };

const columns = `id, tenant_id as "tenantId", slug, title, description, source_type as "sourceType",
  embedding_provider as "embeddingProvider", embedding_model as "embeddingModel",
  embedding_dimensions as "embeddingDimensions", embedding_index_type as "embeddingIndexType",
  chunk_settings as "chunkSettings", corpus_version::int8::float8 as "corpusVersion", document_count as "documentCount",
  chunk_count as "chunkCount", sample_count as "sampleCount", term_total::float8 as "termTotal",
  created_at as "createdAt", updated_at as "updatedAt"`;

/** Publication date of a collection's newest document, ISO; null when it has no dated one. */
export interface CollectionSummary extends CollectionRow {
  through: string | null;
}

/** Collections a tenant may search: its own and the shared ones, by slug. */
export async function listCollections(database: Database, tenantId: string | null): Promise<CollectionSummary[]> {
  const { rows } = await database.pool.query<CollectionSummary>(
    `select ${columns},
       (select max(d.published_date)::text from documents d where d.collection_id = c.id) as through
     from collections c where tenant_id is null or tenant_id = $1 order by id`,
    [tenantId],
  );
  return rows;
}

export async function findCollection(
  database: Database,
  tenantId: string | null,
  slug: string,
): Promise<CollectionRow | null> {
  const { rows } = await database.pool.query<CollectionRow>(
    `select ${columns} from collections where slug = $2 and (tenant_id is null or tenant_id = $1)
     order by tenant_id nulls last limit 1`,
    [tenantId, slug],
  );
  return rows[0] ?? null;
}

/**
 * The collection of that name, made with its partitions and vector index when it is not there yet.
 * A partition's check refuses vectors of another size, so mismatched dimensions can never be stored or compared.
 */
export async function ensureCollection(database: Database, wanted: NewCollection): Promise<CollectionRow> {
  const tenantId = wanted.tenantId ?? null;
  // Exactly the wanted tenant's: a shared collection of the name must not take in what a tenant keeps for itself.
  const find = () =>
    database.pool.query<CollectionRow>(
      `select ${columns} from collections where slug = $2 and tenant_id is not distinct from $1::uuid`,
      [tenantId, wanted.slug],
    );
  const existing = (await find()).rows[0];
  if (existing) return existing;
  const indexType = database.isEmbedded ? "vector" : "halfvec";
  await transaction(database, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into collections (tenant_id, slug, title, description, source_type, embedding_provider, embedding_model,
         embedding_dimensions, embedding_index_type, chunk_settings)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (tenant_id, slug) do nothing returning id`,
      [
        tenantId,
        wanted.slug,
        wanted.title,
        wanted.description ?? "",
        wanted.sourceType,
        wanted.embeddingProvider,
        wanted.embeddingModel,
        wanted.embeddingDimensions,
        indexType,
        JSON.stringify(wanted.chunkSettings ?? {}),
      ],
    );
    const id = rows[0]?.id;
    if (id === undefined) return; // another process made it first
    for (const statement of partitionStatements(id, wanted.embeddingDimensions, indexType)) {
      await client.query(statement);
    }
  });
  const made = (await find()).rows[0];
  if (!made) throw new Error(`collection ${wanted.slug} vanished while it was being made`);
  return made;
}

/** Removes a collection with all its documents; its partitions are dropped, not emptied row by row. */
export async function dropCollection(database: Database, id: number): Promise<void> {
  await transaction(database, async (client) => {
    await client.query(`drop table if exists ${partition("chunks", id)}, ${partition("chunk_terms", id)}`);
    await client.query("delete from collections where id = $1", [id]);
  });
}

/** Renews what the planner knows of a collection, after much of it has changed. */
export async function analyzeCollection(database: Database, id: number): Promise<void> {
  const tables = [partition("chunks", id), partition("chunk_terms", id), "documents", "term_statistics", "collections"];
  await database.pool.query(`analyze ${tables.join(", ")}`);
}

/** Name of a collection's partition; `id` is a number, so the name is safe inside a statement. */
export function partition(table: "chunks" | "chunk_terms", id: number): string {
  if (!Number.isSafeInteger(id)) throw new TypeError(`not a collection id: ${id}`);
  return `${table}_${id}`;
}

/** The index's expression; a search must order by exactly this for the index to serve. */
export function indexedEmbedding(dimensions: number, indexType: "vector" | "halfvec"): string {
  return `embedding::${indexType}(${Number(dimensions)})`;
}

function partitionStatements(id: number, dimensions: number, indexType: "vector" | "halfvec"): string[] {
  const chunks = partition("chunks", id);
  return [
    `create table ${chunks} partition of chunks for values in (${id})`,
    `alter table ${chunks} add constraint ${chunks}_dimensions check (vector_dims(embedding) = ${Number(dimensions)})`,
    `create index ${chunks}_embedding on ${chunks}
       using hnsw ((${indexedEmbedding(dimensions, indexType)}) ${indexType}_cosine_ops) with (m = 16, ef_construction = 100)`,
    `create table ${partition("chunk_terms", id)} partition of chunk_terms for values in (${id})`,
  ];
}
