import type { Database } from "../pool.ts";
import { mayRead } from "./conversation-fragments.ts";
import type { MessageRow, Reader } from "./conversations.ts";

/** A stored answer with its question and, where one was kept, its receipt. */
export interface ReceiptRow {
  messageId: string;
  conversationId: string;
  tenantId: string;
  question: string;
  questionId: string;
  askedAt: Date;
  metadata: MessageRow["metadata"];
  status: MessageRow["status"];
  answer: unknown;
  /** Null when the answer ended before anything was searched. */
  receipt: {
    model: string | null;
    promptVersion: string | null;
    corpusVersions: unknown;
    passages: unknown;
    settings: unknown;
    createdAt: Date;
  } | null;
  /** Chunks that a sentence of the answer rests on. */
  citedChunks: string[];
}

const columns = `m.id as "messageId", c.id as "conversationId", c.tenant_id as "tenantId", q.content as question,
  q.id as "questionId", q.created_at as "askedAt", m.metadata, m.status, m.answer,
  r.message_id is not null as "hasReceipt", r.model, r.prompt_version as "promptVersion",
  r.corpus_versions as "corpusVersions", r.passages, r.settings, r.created_at as "createdAt",
  array(select distinct chunk_id::text from message_citations where message_id = m.id and chunk_id is not null) as "citedChunks"`;
const answers = `conversations c join messages m on m.conversation_id = c.id and m.role = 'assistant'
  join messages q on q.id = m.parent_id left join answer_receipts r on r.message_id = m.id`;

/** An answer of a conversation that the reader takes part in; null when it is not theirs to read. */
export async function selectReceipt(
  database: Database,
  reader: Reader,
  conversationId: string,
  messageId: string,
): Promise<ReceiptRow | null> {
  const { rows } = await database.pool.query(
    `select ${columns} from ${answers} where ${mayRead} and c.id = $3 and m.id = $4`,
    [reader.tenantId, reader.userId, conversationId, messageId],
  );
  return rows[0] ? receiptOf(rows[0]) : null;
}

/** An answer of any tenant, for whoever holds the machine. */
export async function selectAnyReceipt(database: Database, messageId: string): Promise<ReceiptRow | null> {
  const { rows } = await database.pool.query(`select ${columns} from ${answers} where m.id = $1`, [messageId]);
  return rows[0] ? receiptOf(rows[0]) : null;
}

function receiptOf(row: Omit<ReceiptRow, "receipt"> & ReceiptRow["receipt"] & { hasReceipt: boolean }): ReceiptRow {
  const { hasReceipt, model, promptVersion, corpusVersions, passages, settings, createdAt, ...answer } = row;
  const receipt = hasReceipt ? { model, promptVersion, corpusVersions, passages, settings, createdAt } : null;
  return { ...answer, receipt };
}

/** What became of a passage that was once supplied. */
export interface PassageStanding {
  /** Null when the document is not kept any more, or not for this tenant. */
  document: {
    collection: string;
    collectionTitle: string;
    sourceId: string;
    title: string;
    status: string;
    statusNote: string | null;
  } | null;
  /** A chunk of the document still reads as it did. */
  isUnchanged: boolean;
  /** The section of that chunk. */
  section: string | null;
}

/** @returns what became of each passage, in the order given */
export async function selectPassageStandings(
  database: Database,
  tenantId: string | null,
  passages: { documentId: string; hash: string }[],
): Promise<PassageStanding[]> {
  const { rows } = await database.pool.query<PassageStanding>(
    `select case when k.id is null then null else json_build_object('collection', k.slug, 'collectionTitle', k.title,
         'sourceId', d.source_id, 'title', d.title, 'status', d.status, 'statusNote', d.status_note) end as document,
       k.id is not null and same.id is not null as "isUnchanged",
       case when k.id is not null then same.section end as section
     from unnest($2::bigint[], $3::text[]) with ordinality as p(document_id, hash, place)
     left join documents d on d.id = p.document_id
     left join collections k on k.id = d.collection_id and (k.tenant_id is null or k.tenant_id = $1)
     left join lateral (
       select id, section from chunks where collection_id = d.collection_id and document_id = d.id
         and content_hash = decode(p.hash, 'hex') order by ordinal limit 1
     ) same on true
     order by p.place`,
    [tenantId, passages.map(({ documentId }) => documentId), passages.map(({ hash }) => hash)],
  );
  return rows;
}
