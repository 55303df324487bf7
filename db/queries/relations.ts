import type { Database } from "../pool.ts";
import { isTombstone, linkFormsOf } from "./truth.ts";

/** A link of a document, or of another that names it. */
export interface RelationRow {
  /** As the document that bears the link calls it. */
  kind: string;
  /** True for a link of another document. */
  isFromOther: boolean;
  /** The name the link gives; of a link of another document, what that one is called. */
  name: string | null;
  note: string | null;
  /** The other document where the tenant may read it. */
  document: { id: string; title: string; collectionTitle: string; status: string } | null;
}

const readable = "(c.tenant_id is null or c.tenant_id = $2)";
const asJson = `json_build_object('id', o.id::text, 'title', o.title, 'collectionTitle', c.title, 'status', o.status)`;

/** What a document is tied to by its own links and by others'; at most 200 of either. */
export async function selectRelations(
  database: Database,
  tenantId: string | null,
  documentId: string,
): Promise<RelationRow[]> {
  const { rows } = await database.pool.query<RelationRow>(
    `(select l.kind, false as "isFromOther", l.source_id as name, l.note, other.document
      from document_links l join documents d on d.id = l.document_id left join lateral (
        select ${asJson} as document from documents o join collections c on c.id = o.collection_id
        where (o.identifiers @> array[case when l.source_id ~ '^[0-9]+$' then 'pmid:' || l.source_id else l.source_id end]
            or (o.collection_id = d.collection_id and o.source_id = l.source_id))
          and o.id <> d.id and ${readable} and not ${isTombstone("o")}
        order by o.collection_id <> d.collection_id, o.id limit 1
      ) other on true
      where l.document_id = $1 order by l.ordinal limit 200)
     union all
     (select l.kind, true, coalesce((select min(i) from unnest(o.identifiers) i where i like 'pmid:%'), o.identifiers[1], o.source_id),
        null, ${asJson}
      from documents d join document_links l on l.source_id = any(${linkFormsOf("d")})
        join documents o on o.id = l.document_id and o.id <> d.id and not ${isTombstone("o")}
        join collections c on c.id = o.collection_id
      where d.id = $1 and ${readable} order by o.id limit 200)`,
    [documentId, tenantId],
  );
  return rows;
}

export interface ClusterMemberRow {
  id: string;
  title: string;
  publication: string | null;
}

/** Near copies of a document, the oldest first, and how many the cluster holds with itself. */
export async function selectClusterMembers(
  database: Database,
  documentId: string,
  limit: number,
): Promise<{ members: ClusterMemberRow[]; size: number }> {
  const { rows } = await database.pool.query<ClusterMemberRow & { size: number }>(
    `select m.id::text, m.title, m.publication, count(*) over ()::int + 1 as size
     from documents d join documents m on m.cluster_id = d.cluster_id and m.id <> d.id
     where d.id = $1 order by m.id limit $2`,
    [documentId, limit],
  );
  return { members: rows.map(({ size: _, ...member }) => member), size: rows[0]?.size ?? 1 };
}

/** Which pages of a document were recognised from pictures, with the least confidence; null for none. */
export async function selectOcr(
  database: Database,
  documentId: string,
): Promise<{ pages: number[]; confidence: number } | null> {
  const { rows } = await database.pool.query<{ pages: number[]; confidence: number | null }>(
    `select coalesce(array_agg(distinct page order by page) filter (where page is not null), '{}') as pages,
       min(ocr_confidence) as confidence
     from chunks where document_id = $1 and ocr_confidence is not null`,
    [documentId],
  );
  const [found] = rows;
  return found && found.confidence !== null ? { pages: found.pages, confidence: found.confidence } : null;
}
