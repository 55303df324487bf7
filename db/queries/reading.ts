import type { Database } from "../pool.ts";

export interface DocumentRow {
  id: string;
  collection: string;
  collectionTitle: string;
  sourceType: string;
  sourceId: string;
  title: string;
  text: string;
  sections: unknown;
  pages: unknown;
  language: string;
  url: string | null;
  publishedOn: string | null;
  authors: string[];
  publication: string | null;
  publicationTypes: string[];
  meshTerms: string[];
  evidenceLevel: string;
  status: string;
  statusNote: string | null;
  statusChangedAt: Date | null;
  clusterId: string | null;
  /** What its parser says of recognised pages. */
  ocr: unknown;
  isSample: boolean;
  objectKey: string | null;
  originalType: string | null;
}

const columns = `d.id::text, c.slug as collection, c.title as "collectionTitle", c.source_type as "sourceType",
  d.source_id as "sourceId", d.title, d.text, d.sections, d.pages, d.language, d.url, d.published_on as "publishedOn",
  d.authors, d.publication, d.publication_types as "publicationTypes", d.mesh_terms as "meshTerms",
  d.evidence_level as "evidenceLevel", d.status, d.status_note as "statusNote",
  d.status_changed_at as "statusChangedAt", d.cluster_id::text as "clusterId", d.metadata->'ocr' as ocr, d.is_sample as "isSample",
  d.object_key as "objectKey", d.original_type as "originalType"`;
const mayRead = "(c.tenant_id is null or c.tenant_id = $1)";

/** A document by its id; null when it is not in a collection that the tenant may read. */
export async function selectDocument(
  database: Database,
  tenantId: string | null,
  id: string,
): Promise<DocumentRow | null> {
  const { rows } = await database.pool.query<DocumentRow>(
    `select ${columns} from documents d join collections c on c.id = d.collection_id where ${mayRead} and d.id = $2`,
    [tenantId, id],
  );
  return rows[0] ?? null;
}

/** A document by the name its source gives it. */
export async function selectDocumentBySource(
  database: Database,
  tenantId: string | null,
  collection: string,
  sourceId: string,
): Promise<DocumentRow | null> {
  const { rows } = await database.pool.query<DocumentRow>(
    `select ${columns} from documents d join collections c on c.id = d.collection_id
     where ${mayRead} and c.slug = $2 and d.source_id = $3 order by c.tenant_id nulls last limit 1`,
    [tenantId, collection, sourceId],
  );
  return rows[0] ?? null;
}

/** The line boxes of a PDF's chunks, in the order of its text; a line that two chunks share comes once. */
export async function selectBoxes(database: Database, documentId: string): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ box: unknown }>(
    `select box from (
       select distinct on ((box->>'start')::int, (box->>'page')::int) box
       from chunks, jsonb_array_elements(boxes) box
       where document_id = $1 order by (box->>'start')::int, (box->>'page')::int
     ) boxes`,
    [documentId],
  );
  return rows.map((row) => row.box);
}
