import type { NamedStatement } from "../database.ts";
import { type Database, transaction } from "../pool.ts";
import type { collections, embeddingSpaces } from "../schema/index.ts";
import { dropSpaceTables, insertSpace } from "./space-tables.ts";

type Space = typeof embeddingSpaces.$inferSelect;

/** A collection with the settings of the embedding space that is searched today. */
export type CollectionRow = typeof collections.$inferSelect & {
  spaceId: number;
  embeddingProvider: string;
  embeddingModel: string;
  embeddingDimensions: number;
  embeddingIndexType: Space["indexType"];
};

export type NewCollection = Pick<
  typeof collections.$inferInsert,
  "slug" | "title" | "description" | "sourceType" | "chunkSettings"
> &
  Pick<CollectionRow, "embeddingProvider" | "embeddingModel" | "embeddingDimensions"> & { tenantId?: string | null };

const columns = `c.id, c.tenant_id as "tenantId", c.slug, c.title, c.description, c.source_type as "sourceType",
  s.id as "spaceId", s.provider as "embeddingProvider", s.model as "embeddingModel",
  s.dimensions as "embeddingDimensions", s.index_type as "embeddingIndexType",
  c.chunk_settings as "chunkSettings", c.corpus_version::float8 as "corpusVersion",
  c.document_count as "documentCount", c.chunk_count as "chunkCount", c.sample_count as "sampleCount",
  c.term_total::float8 as "termTotal", c.created_at as "createdAt", c.updated_at as "updatedAt"`;
const withSpace = "collections c join embedding_spaces s on s.collection_id = c.id and s.state = 'active'";

/** With the publication date of a collection's newest document, ISO; null when it has no dated one. */
export interface CollectionSummary extends CollectionRow {
  through: string | null;
}

const through = "(select max(d.published_date)::text from documents d where d.collection_id = c.id) as through";
const visible = "(c.tenant_id is null or c.tenant_id = $1)";

/** Collections a tenant may search: its own and the shared ones, in the order they were made. */
export async function listCollections(database: Database, tenantId: string | null): Promise<CollectionRow[]> {
  const statement: NamedStatement = {
    name: "collections",
    text: `select ${columns} from ${withSpace} where ${visible} order by c.id`,
    values: [tenantId],
    keepsPlan: true,
  };
  const { rows } = await database.pool.query<CollectionRow>(statement);
  return rows;
}

/** The same with their dates. */
export async function listCollectionSummaries(
  database: Database,
  tenantId: string | null,
): Promise<CollectionSummary[]> {
  const { rows } = await database.pool.query<CollectionSummary>(
    `select ${columns}, ${through} from ${withSpace} where ${visible} order by c.id`,
    [tenantId],
  );
  return rows;
}

/** The collections of all tenants, for whoever holds the machine. */
export async function listAllCollections(database: Database): Promise<CollectionSummary[]> {
  const { rows } = await database.pool.query<CollectionSummary>(
    `select ${columns}, ${through} from ${withSpace} order by c.id`,
  );
  return rows;
}

export async function findCollection(
  database: Database,
  tenantId: string | null,
  slug: string,
): Promise<CollectionRow | null> {
  const { rows } = await database.pool.query<CollectionRow>(
    `select ${columns} from ${withSpace} where c.slug = $2 and (c.tenant_id is null or c.tenant_id = $1)
     order by c.tenant_id nulls last limit 1`,
    [tenantId, slug],
  );
  return rows[0] ?? null;
}

/** The collection as it stands now; null when it is gone. */
export async function selectCollection(database: Database, id: number): Promise<CollectionRow | null> {
  const { rows } = await database.pool.query<CollectionRow>(`select ${columns} from ${withSpace} where c.id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}

/** The collection of that name, made with its partitions and its embedding space when it is not there yet. */
export async function ensureCollection(database: Database, wanted: NewCollection): Promise<CollectionRow> {
  const tenantId = wanted.tenantId ?? null;
  // Exactly the wanted tenant's: a shared collection of the name must not take in what a tenant keeps for itself.
  const find = () =>
    database.pool.query<CollectionRow>(
      `select ${columns} from ${withSpace} where c.slug = $2 and c.tenant_id is not distinct from $1::uuid`,
      [tenantId, wanted.slug],
    );
  const existing = (await find()).rows[0];
  if (existing) return existing;
  await transaction(database, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into collections (tenant_id, slug, title, description, source_type, chunk_settings)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, slug) do nothing returning id`,
      [
        tenantId,
        wanted.slug,
        wanted.title,
        wanted.description ?? "",
        wanted.sourceType,
        JSON.stringify(wanted.chunkSettings ?? {}),
      ],
    );
    const id = rows[0]?.id;
    if (id === undefined) return; // another process made it first
    for (const table of ["chunks", "chunk_terms"] as const) {
      const name = partition(table, id);
      await client.query(`create table ${name} partition of ${table} for values in (${id})`);
      await client.query("select open_collection_table($1::regclass, $2)", [name, id]);
    }
    await insertSpace(client, {
      collectionId: id,
      provider: wanted.embeddingProvider,
      model: wanted.embeddingModel,
      dimensions: wanted.embeddingDimensions,
      indexType: database.isEmbedded ? "vector" : "halfvec",
      state: "active",
    });
  });
  const made = (await find()).rows[0];
  if (!made) throw new Error(`collection ${wanted.slug} vanished while it was being made`);
  return made;
}

/** Removes a collection with all its documents; its tables are dropped, not emptied row by row. */
export async function dropCollection(database: Database, id: number): Promise<void> {
  await transaction(database, async (client) => {
    const { rows } = await client.query<{ id: number }>("select id from embedding_spaces where collection_id = $1", [
      id,
    ]);
    for (const space of rows) await dropSpaceTables(client, space.id);
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
