import type { Database } from "../pool.ts";
import { linkFormsOf } from "./truth.ts";

/** What holds today of a document that a stored answer cites. */
export interface CitationStanding {
  messageId: string;
  sentenceIndex: number;
  number: number;
  start: number;
  end: number;
  /** `withdrawn` for a document that is no longer kept at all. */
  status: string;
  note: string | null;
  changedAt: Date | null;
  /** The quoted words stand nowhere in the document's text any more. */
  isRevised: boolean;
  /** What corrects or updates it, under the names that links give. */
  corrections: { isUpdate: boolean; name: string }[];
}

const correcting = "l.kind in ('erratum_in', 'update_in')";
const correctedBy = "l.kind in ('erratum_for', 'update_of')";

/** What a stored answer says that it cites. */
export interface StoredQuote {
  messageId: string;
  /** ISO. */
  answeredAt: string;
  sentenceIndex: number;
  number: number;
  documentId: string;
  quote: string;
  start: number;
  end: number;
}

/** What holds today of everything these messages cite; of those that have been moved, nothing is known by their ids. */
export async function selectCitationStandings(
  database: Database,
  tenantId: string,
  messageIds: string[],
): Promise<CitationStanding[]> {
  if (messageIds.length === 0) return [];
  const { rows } = await database.pool.query<CitationStanding>(
    standingsOf(`select q.*, m.created_at as answered_at, q.id as place
      from message_citations q join messages m on m.month = q.month and m.id = q.message_id
      where m.tenant_id = $1 and q.message_id = any($2::uuid[])`),
    [tenantId, messageIds],
  );
  return rows;
}

/** The same of quotes that the tenant's own answers hold, wherever these lie. */
export async function selectQuoteStandings(
  database: Database,
  tenantId: string,
  quotes: StoredQuote[],
): Promise<CitationStanding[]> {
  if (quotes.length === 0) return [];
  const { rows } = await database.pool.query<CitationStanding>(
    standingsOf(`select "messageId" as message_id, "answeredAt" as answered_at, "sentenceIndex" as sentence_index, number,
        "documentId" as document_id, quote, start as quote_start, "end" as quote_end, row_number() over () as place
      from json_to_recordset($2) as r("messageId" uuid, "answeredAt" timestamptz, "sentenceIndex" int, number int,
        "documentId" bigint, quote text, start int, "end" int)`),
    [tenantId, JSON.stringify(quotes)],
  );
  return rows;
}

/** @param quotes a SELECT of what is cited; its $1 is the tenant */
function standingsOf(quotes: string): string {
  // Quotes are looked for only in documents written since: others still say what was quoted. A write may have begun
  // before the question and ended after the answer's search, hence the hour.
  return `select q.message_id as "messageId", q.sentence_index as "sentenceIndex", q.number, q.quote_start as start,
       q.quote_end as "end", coalesce(d.status, 'withdrawn') as status,
       case when d.id is null then 'It is no longer kept here.' else d.status_note end as note,
       d.status_changed_at as "changedAt",
       case when d.id is null then true
         when d.updated_at > q.answered_at - interval '1 hour' then strpos(d.text, q.quote) = 0
         else false end as "isRevised",
       coalesce(corrections.named, '[]') as corrections
     from (${quotes}) q left join documents d on d.id = q.document_id
     left join lateral (
       select json_agg(json_build_object('isUpdate', is_update, 'name', name) order by is_update, name) as named from (
         select l.kind = 'update_in' as is_update, l.source_id as name from document_links l where l.document_id = d.id and ${correcting}
         union
         select l.kind = 'update_of', coalesce(substr((select min(i) from unnest(n.identifiers) i where i like 'pmid:%'), 6), n.identifiers[1], n.source_id)
         from document_links l join documents n on n.id = l.document_id join collections c on c.id = n.collection_id
         where l.source_id = any(${linkFormsOf("d")}) and ${correctedBy} and n.id <> d.id
           and (c.tenant_id is null or c.tenant_id = $1)
       ) named where name is not null
     ) corrections on d.id is not null
     order by q.place`;
}

/** A stored answer one of whose sources has lost its standing since. */
export interface ChangedSourceRow {
  messageId: string;
  conversationId: string;
  conversationTitle: string;
  answeredAt: Date;
  documentId: string;
  documentTitle: string;
  collection: string;
  sourceId: string;
  status: string;
  note: string | null;
  since: Date;
  /** The reader takes part in the conversation. */
  isReaders: boolean;
}

/** Where a page of changed answers ended. */
export interface ChangedSourcePosition {
  /** ISO, to the millisecond. */
  since: string;
  messageId: string;
  documentId: string;
}

/** A tenant's answers that cite what has since been marked, once for each such document, the latest change first. */
export async function listAnswersWithChangedSources(
  database: Database,
  tenantId: string,
  page: { limit: number; before: ChangedSourcePosition | null; readerId?: string },
): Promise<ChangedSourceRow[]> {
  const { rows } = await database.pool.query<ChangedSourceRow>(
    `select * from (
       select m.id as "messageId", c.id as "conversationId", c.title as "conversationTitle", m.created_at as "answeredAt",
         d.id::text as "documentId", d.title as "documentTitle", k.title as collection, d.source_id as "sourceId",
         d.status, d.status_note as note,
         date_trunc('milliseconds', coalesce(d.status_changed_at, d.created_at)) as since,
         exists (select from participants p where p.conversation_id = c.id and p.participant_id = $6) as "isReaders"
       from documents d join collections k on k.id = d.collection_id
         cross join lateral (
           select m.id, m.conversation_id, m.created_at
           from (select distinct message_id, month from message_citations where document_id = d.id) q
           join messages m on m.month = q.month and m.id = q.message_id
           union all
           select message_id, conversation_id, answered_at from moved_citations where document_id = d.id) m
         join conversations c on c.id = m.conversation_id
       where d.status <> 'current' and c.tenant_id = $1
         -- What was marked so already when it was cited is no news; retracted and withdrawn ones were never cited.
         and (d.status in ('retracted', 'withdrawn') or d.status_changed_at > m.created_at)
     ) changed
     where $3::timestamptz is null or (since, "messageId", "documentId"::bigint) < ($3, $4::uuid, $5::bigint)
     order by since desc, "messageId" desc, "documentId"::bigint desc limit $2`,
    [
      tenantId,
      page.limit,
      page.before?.since ?? null,
      page.before?.messageId ?? null,
      page.before?.documentId ?? null,
      page.readerId ?? null,
    ],
  );
  return rows;
}
