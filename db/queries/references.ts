import type { Database } from "../pool.ts";

/** What a reference list needs to know of a document. */
export interface ReferenceRow {
  id: string;
  collectionTitle: string;
  sourceType: string;
  sourceId: string;
  title: string;
  authors: string[];
  publication: string | null;
  publishedOn: string | null;
  language: string;
  url: string | null;
  identifiers: string[];
  metadata: Record<string, unknown>;
  status: string;
  statusNote: string | null;
  isSample: boolean;
}

/** Those of the documents that the tenant may read. */
export async function selectReferences(
  database: Database,
  tenantId: string | null,
  ids: string[],
): Promise<ReferenceRow[]> {
  const { rows } = await database.pool.query<ReferenceRow>(
    `select d.id::text, c.title as "collectionTitle", c.source_type as "sourceType", d.source_id as "sourceId", d.title,
       d.authors, d.publication, d.published_on as "publishedOn", d.language, d.url, d.identifiers, d.metadata, d.status,
       d.status_note as "statusNote", d.is_sample as "isSample"
     from documents d join collections c on c.id = d.collection_id
     where (c.tenant_id is null or c.tenant_id = $1) and d.id = any($2::bigint[])`,
    [tenantId, ids],
  );
  return rows;
}
