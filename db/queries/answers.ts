import type pg from "pg";
import { type Database, transaction } from "../pool.ts";
import { isSender, mayWrite, messageColumns } from "./conversation-fragments.ts";
import type { MessageRow, Reader } from "./conversations.ts";
import { identifiersOf, joinedIdentifiers, type Redact } from "./identifiers.ts";
import type { RetrievalFilters } from "./retrieval.ts";

export interface NewCitation {
  sentenceIndex: number;
  sentenceStart: number;
  sentenceEnd: number;
  number: number;
  documentId: string;
  chunkId: string | null;
  collection: string;
  sourceId: string;
  title: string;
  quote: string;
  start: number;
  end: number;
}

export interface QuestionAndAnswer {
  question: MessageRow;
  answer: MessageRow;
}

/**
 * Stores a question and the place of its answer under the next two sequence ids. The ids are handed out by one UPDATE
 * in the same transaction, so they are gapless and in order under any number of writers.
 * @returns null when the conversation is not the reader's to write in
 */
export async function insertQuestion(
  database: Database,
  reader: Reader,
  conversationId: string,
  input: {
    /** What is stored, or what says it: called with what earlier messages have replaced, while nobody else can write. */
    question: string | Redact;
    collections: string[];
    filters?: RetrievalFilters;
    eventsAfter: string;
    /** The answer it follows; null for a further first question; the newest answer when not said. */
    parentId?: string | null;
  },
): Promise<QuestionAndAnswer | null> {
  const { collections, filters = {}, eventsAfter } = input;
  return transaction(database, async (client) => {
    const taken = await takeSequenceIds(client, reader, conversationId, 2);
    if (!taken) return null;
    const { last, month } = taken;
    const parentId = input.parentId === undefined ? await newestAnswer(client, conversationId, month) : input.parentId;
    const known = await identifiersOf(client, conversationId, month);
    const { question: asked } = input;
    const { text, identifiers } = typeof asked === "string" ? { text: asked, identifiers: [] } : asked(known);
    const { rows } = await client.query<MessageRow>(
      `with question as (
         insert into messages (month, tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type, role, content, status, metadata, identifiers)
         values ($9, $1, $3, $4, $10, $2, 'human', 'user', $6, 'complete', $7, $11) returning *
       ), answer as (
         insert into messages (month, tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type, role, content, status, metadata, identifiers)
         select $9, $1, $3, $5, question.id, 'probatum', 'ai', 'assistant', '', 'pending', $8, $12 from question returning *
       ), m as (select * from question union all select * from answer)
       select ${messageColumns} from m left join users u on ${isSender}
       order by m.sequence_id`,
      [
        reader.tenantId,
        reader.userId,
        conversationId,
        last - 1,
        last,
        text,
        JSON.stringify({ collections, filters, checked: true }),
        JSON.stringify({ collections, filters, eventsAfter }),
        month,
        parentId,
        joinedIdentifiers(identifiers),
        joinedIdentifiers(identifiers, known),
      ],
    );
    const [question, answer] = rows;
    if (!question || !answer) throw new Error("a stored question did not come back");
    return { question, answer };
  });
}

/** A further answer to a question that has one; the earlier stays. Null when the question is not the reader's. */
export async function insertAnswer(
  database: Database,
  reader: Reader,
  conversationId: string,
  input: { questionId: string; eventsAfter: string },
): Promise<MessageRow | null> {
  return transaction(database, async (client) => {
    const question = await client.query<Pick<MessageRow, "identifiers">>(
      "select identifiers from messages where conversation_id = $1 and id = $2 and role = 'user'",
      [conversationId, input.questionId],
    );
    const taken = question.rowCount === 1 && (await takeSequenceIds(client, reader, conversationId, 1));
    if (!taken) return null;
    const { last, month } = taken;
    const own = question.rows[0]?.identifiers ?? [];
    const known = await identifiersOf(client, conversationId, month);
    const { rows } = await client.query<MessageRow>(
      `with m as (
         insert into messages (month, tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type, role, content, status, metadata, identifiers)
         select q.month, $1, $2, $3, q.id, 'probatum', 'ai', 'assistant', '', 'pending', q.metadata || $5::jsonb, $7
         from messages q where q.month = $6 and q.id = $4 returning *)
       select ${messageColumns} from m left join users u on false`,
      [
        reader.tenantId,
        conversationId,
        last,
        input.questionId,
        JSON.stringify({ eventsAfter: input.eventsAfter }),
        month,
        joinedIdentifiers(own, known),
      ],
    );
    return rows[0] ?? null;
  });
}

/**
 * Hands out the next sequence ids of a conversation; others wait for this transaction, so the ids have no gap. Whoever
 * writes has read what is there: their mark moves to just before the last of them, the answer to come.
 * @returns the last of them and the partition the messages go to; null when it is not the reader's to write in
 */
export async function takeSequenceIds(
  client: pg.PoolClient,
  reader: Reader,
  conversationId: string,
  count: number,
): Promise<{ last: number; month: string } | null> {
  const { rows } = await client.query<{ last: number; month: string }>(
    `with taken as (
       update conversations c set last_sequence_id = last_sequence_id + $4, message_count = message_count + $4,
         revision = revision + 1, updated_at = now()
       where ${mayWrite} and c.id = $3 and c.moved is null returning c.id, last_sequence_id as last, month
     ), marked as (
       update participants p set last_read_sequence = greatest(p.last_read_sequence, taken.last - 1) from taken
       where p.conversation_id = taken.id and p.participant_id = $2)
     select last::float8 as last, month::text from taken`,
    [reader.tenantId, reader.userId, conversationId, count],
  );
  return rows[0] ?? null;
}

async function newestAnswer(client: pg.PoolClient, conversationId: string, month: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `select id from messages where month = $2 and conversation_id = $1 and role = 'assistant'
     order by sequence_id desc limit 1`,
    [conversationId, month],
  );
  return rows[0]?.id ?? null;
}

/**
 * Keeps what unfinished answers have shown so far; also their sign of life.
 * @returns the ids of those that are unfinished still, in a conversation that is not deleted
 */
export async function saveProgress(
  database: Database,
  answers: { id: string; month: string; content: string; answer: unknown }[],
): Promise<Set<string>> {
  const open = new Set<string>();
  // A month at a time, so that each statement meets one partition.
  for (const [month, rows] of Map.groupBy(answers, (answer) => answer.month)) {
    const saved = await database.pool.query<{ id: string }>(
      `update messages m set content = r.content, answer = r.answer, status = 'streaming', updated_at = now()
       from json_to_recordset($2) as r(id uuid, content text, answer jsonb)
       where m.month = $1 and m.id = r.id and m.status in ('pending', 'streaming')
         and exists (select from conversations c where c.id = m.conversation_id and c.deleted_at is null)
       returning m.id`,
      [month, JSON.stringify(rows)],
    );
    for (const { id } of saved.rows) open.add(id);
  }
  return open;
}

export interface FinishedAnswer {
  content: string;
  status: "complete" | "stopped" | "failed";
  answer: unknown;
  sources: unknown[];
  model: string | null;
  tokensUsed: number | null;
  citations: NewCitation[];
  receipt: {
    model: string | null;
    promptVersion: string | null;
    corpusVersions: unknown;
    passages: unknown;
    settings: unknown;
  } | null;
}

/**
 * Ends an answer: its text, citations and receipt in one transaction.
 * @param silentSeconds end it only if it has shown no sign of life for so long
 * @returns null when it had ended before, or has shown one
 */
export async function finishAnswer(
  database: Database,
  { id: messageId, month }: Pick<MessageRow, "id" | "month">,
  input: FinishedAnswer,
  silentSeconds: number | null = null,
): Promise<MessageRow | null> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<MessageRow>(
      `with m as (
         update messages set content = $2, status = $3, answer = $4, sources = $5, model = $6, tokens_used = $7, updated_at = now()
         where month = $9 and id = $1 and status in ('pending', 'streaming')
           and ($8::float8 is null or updated_at < now() - make_interval(secs => $8)) returning *
       ), revised as (
         update conversations c set revision = revision + 1 from m where c.id = m.conversation_id)
       select ${messageColumns} from m left join users u on false`,
      [
        messageId,
        input.content,
        input.status,
        JSON.stringify(input.answer),
        JSON.stringify(input.sources),
        input.model,
        input.tokensUsed,
        silentSeconds,
        month,
      ],
    );
    const message = rows[0];
    if (!message) return null;
    if (input.citations.length > 0) {
      // A document deleted at this moment is waited for: its citations are kept without it.
      await client.query(
        `with held as materialized (
           select hold_documents(array(select "documentId" from json_to_recordset($2) as r("documentId" bigint))) as id
         )
         insert into message_citations (message_id, month, sentence_index, sentence_start, sentence_end, number, document_id, chunk_id,
           collection_slug, source_id, title, quote, quote_start, quote_end)
         select $1, $3, r."sentenceIndex", r."sentenceStart", r."sentenceEnd", r.number, held.id, r."chunkId", r.collection,
           r."sourceId", r.title, r.quote, r.start, r."end"
         from json_to_recordset($2) as r("sentenceIndex" int, "sentenceStart" int, "sentenceEnd" int, number int,
           "documentId" bigint, "chunkId" bigint, collection text, "sourceId" text, title text, quote text, start int, "end" int)
         left join held on held.id = r."documentId"`,
        [messageId, JSON.stringify(input.citations), month],
      );
    }
    if (input.receipt) {
      await client.query(
        `insert into answer_receipts (message_id, month, model, prompt_version, corpus_versions, passages, settings)
         values ($1, $7, $2, $3, $4, $5, $6)`,
        [
          messageId,
          input.receipt.model,
          input.receipt.promptVersion,
          JSON.stringify(input.receipt.corpusVersions),
          JSON.stringify(input.receipt.passages),
          JSON.stringify(input.receipt.settings),
          month,
        ],
      );
    }
    return message;
  });
}

/** Unfinished answers that have shown no sign of life for so long: whoever was making them is gone. */
export async function selectSilentAnswers(database: Database, silentSeconds: number): Promise<MessageRow[]> {
  const { rows } = await database.pool.query<MessageRow>(
    `select ${messageColumns} from messages m left join users u on false
     where m.status in ('pending', 'streaming') and m.updated_at < now() - make_interval(secs => $1)
     order by m.updated_at`,
    [silentSeconds],
  );
  return rows;
}
