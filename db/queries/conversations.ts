import { type Database, transaction } from "../pool.ts";

export interface ConversationRow {
  id: string;
  title: string;
  messageCount: number;
  updatedAt: Date;
}

export interface MessageRow {
  id: string;
  conversationId: string;
  sequenceId: number;
  parentId: string | null;
  role: "user" | "assistant" | "system";
  senderName: string | null;
  content: string;
  status: "pending" | "streaming" | "complete" | "stopped" | "failed";
  answer: unknown;
  metadata: { collections?: string[]; eventsAfter?: string };
  createdAt: Date;
}

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

/** Whose rows are meant. Ownership stands in every WHERE: another's conversation is simply not there. */
export interface Reader {
  tenantId: string;
  userId: string;
}

const messageColumns = `m.id, m.conversation_id as "conversationId", m.sequence_id::float8 as "sequenceId",
  m.parent_id as "parentId", m.role, u.name as "senderName", m.content, m.status, m.answer, m.metadata,
  m.created_at as "createdAt"`;
const mayRead = `c.tenant_id = $1 and exists (
  select 1 from participants p where p.conversation_id = c.id and p.participant_id = $2)`;
const mayWrite = `c.tenant_id = $1 and exists (
  select 1 from participants p where p.conversation_id = c.id and p.participant_id = $2 and p.role in ('owner', 'writer'))`;

export async function insertConversation(database: Database, reader: Reader, title: string): Promise<string> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      "insert into conversations (tenant_id, owner_id, title) values ($1, $2, $3) returning id",
      [reader.tenantId, reader.userId, title],
    );
    const id = rows[0]?.id as string;
    await client.query(
      `insert into participants (conversation_id, participant_id, kind, role)
       values ($1, $2, 'human', 'owner'), ($1, 'probatum', 'ai', 'answerer')`,
      [id, reader.userId],
    );
    return id;
  });
}

/** A page of the reader's conversations, newest first, ending before a position that an earlier page gave. */
export async function selectConversations(
  database: Database,
  reader: Reader,
  page: { before: { updatedAt: string; id: string } | null; limit: number },
): Promise<ConversationRow[]> {
  const { rows } = await database.pool.query<ConversationRow>(
    `select c.id, c.title, c.message_count as "messageCount", c.updated_at as "updatedAt"
     from conversations c
     where ${mayRead} and not c.archived
       and ($3::timestamptz is null or (date_trunc('milliseconds', c.updated_at), c.id) < ($3::timestamptz, $4::uuid))
     order by date_trunc('milliseconds', c.updated_at) desc, c.id desc limit $5`,
    [reader.tenantId, reader.userId, page.before?.updatedAt ?? null, page.before?.id ?? null, page.limit],
  );
  return rows;
}

export async function selectConversation(
  database: Database,
  reader: Reader,
  id: string,
): Promise<ConversationRow | null> {
  const { rows } = await database.pool.query<ConversationRow>(
    `select c.id, c.title, c.message_count as "messageCount", c.updated_at as "updatedAt"
     from conversations c where ${mayRead} and c.id = $3`,
    [reader.tenantId, reader.userId, id],
  );
  return rows[0] ?? null;
}

/** The last `limit` messages, oldest first: one scan of the index (conversation, sequence) from its end. */
export async function selectMessages(
  database: Database,
  reader: Reader,
  conversationId: string,
  limit: number,
): Promise<MessageRow[]> {
  const { rows } = await database.pool.query<MessageRow>(
    `select ${messageColumns} from conversations c
     join lateral (select * from messages where conversation_id = c.id order by sequence_id desc limit $4) m on true
     left join users u on m.sender_type = 'human' and u.id::text = m.sender_id
     where ${mayRead} and c.id = $3 order by m.sequence_id`,
    [reader.tenantId, reader.userId, conversationId, limit],
  );
  return rows;
}

export async function selectMessage(
  database: Database,
  reader: Reader,
  conversationId: string,
  messageId: string,
): Promise<MessageRow | null> {
  const { rows } = await database.pool.query<MessageRow>(
    `select ${messageColumns} from conversations c join messages m on m.conversation_id = c.id
     left join users u on m.sender_type = 'human' and u.id::text = m.sender_id
     where ${mayRead} and c.id = $3 and m.id = $4`,
    [reader.tenantId, reader.userId, conversationId, messageId],
  );
  return rows[0] ?? null;
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
  input: { question: string; collections: string[]; eventsAfter: string },
): Promise<QuestionAndAnswer | null> {
  const { collections, eventsAfter } = input;
  return transaction(database, async (client) => {
    const taken = await client.query<{ last: number }>(
      `update conversations c set last_sequence_id = last_sequence_id + 2, message_count = message_count + 2, updated_at = now()
       where ${mayWrite} and c.id = $3 returning last_sequence_id::float8 as last`,
      [reader.tenantId, reader.userId, conversationId],
    );
    const last = taken.rows[0]?.last;
    if (last === undefined) return null;
    const { rows } = await client.query<MessageRow>(
      `with question as (
         insert into messages (tenant_id, conversation_id, sequence_id, sender_id, sender_type, role, content, status, metadata)
         values ($1, $3, $4, $2, 'human', 'user', $6, 'complete', $7) returning *
       ), answer as (
         insert into messages (tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type, role, content, status, metadata)
         select $1, $3, $5, question.id, 'probatum', 'ai', 'assistant', '', 'pending', $8 from question returning *
       ), m as (select * from question union all select * from answer)
       select ${messageColumns} from m left join users u on m.sender_type = 'human' and u.id::text = m.sender_id
       order by m.sequence_id`,
      [
        reader.tenantId,
        reader.userId,
        conversationId,
        last - 1,
        last,
        input.question,
        JSON.stringify({ collections }),
        JSON.stringify({ collections, eventsAfter }),
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
    const taken = await client.query<{ last: number }>(
      `update conversations c set last_sequence_id = last_sequence_id + 1, message_count = message_count + 1, updated_at = now()
       where ${mayWrite} and c.id = $3
         and exists (select 1 from messages q where q.conversation_id = c.id and q.id = $4 and q.role = 'user')
       returning last_sequence_id::float8 as last`,
      [reader.tenantId, reader.userId, conversationId, input.questionId],
    );
    const last = taken.rows[0]?.last;
    if (last === undefined) return null;
    const { rows } = await client.query<MessageRow>(
      `with m as (
         insert into messages (tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type, role, content, status, metadata)
         select $1, $2, $3, q.id, 'probatum', 'ai', 'assistant', '', 'pending', q.metadata || $5::jsonb
         from messages q where q.id = $4 returning *)
       select ${messageColumns} from m left join users u on false`,
      [reader.tenantId, conversationId, last, input.questionId, JSON.stringify({ eventsAfter: input.eventsAfter })],
    );
    return rows[0] ?? null;
  });
}

/** Keeps what an unfinished answer has shown so far; also its sign of life. False once it is finished. */
export async function saveProgress(
  database: Database,
  messageId: string,
  input: { content: string; answer: unknown },
): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `update messages set content = $2, answer = $3, status = 'streaming', updated_at = now()
     where id = $1 and status in ('pending', 'streaming')`,
    [messageId, input.content, JSON.stringify(input.answer)],
  );
  return rowCount === 1;
}

export interface FinishedAnswer {
  content: string;
  status: "complete" | "stopped" | "failed";
  answer: unknown;
  sources: unknown[];
  model: string | null;
  tokensUsed: number | null;
  citations: NewCitation[];
  receipt: { model: string | null; promptVersion: string | null; corpusVersions: unknown; passages: unknown } | null;
}

/**
 * Ends an answer: its text, citations and receipt in one transaction.
 * @param silentSeconds end it only if it has shown no sign of life for so long
 * @returns null when it had ended before, or has shown one
 */
export async function finishAnswer(
  database: Database,
  messageId: string,
  input: FinishedAnswer,
  silentSeconds: number | null = null,
): Promise<MessageRow | null> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<MessageRow>(
      `with m as (
         update messages set content = $2, status = $3, answer = $4, sources = $5, model = $6, tokens_used = $7, updated_at = now()
         where id = $1 and status in ('pending', 'streaming')
           and ($8::float8 is null or updated_at < now() - make_interval(secs => $8)) returning *)
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
      ],
    );
    const message = rows[0];
    if (!message) return null;
    if (input.citations.length > 0) {
      await client.query(
        `insert into message_citations (message_id, sentence_index, sentence_start, sentence_end, number, document_id, chunk_id,
           collection_slug, source_id, title, quote, quote_start, quote_end)
         select $1, r."sentenceIndex", r."sentenceStart", r."sentenceEnd", r.number, d.id, r."chunkId", r.collection,
           r."sourceId", r.title, r.quote, r.start, r."end"
         from json_to_recordset($2) as r("sentenceIndex" int, "sentenceStart" int, "sentenceEnd" int, number int,
           "documentId" bigint, "chunkId" bigint, collection text, "sourceId" text, title text, quote text, start int, "end" int)
         left join documents d on d.id = r."documentId"`,
        [messageId, JSON.stringify(input.citations)],
      );
    }
    if (input.receipt) {
      await client.query(
        `insert into answer_receipts (message_id, model, prompt_version, corpus_versions, passages)
         values ($1, $2, $3, $4, $5)`,
        [
          messageId,
          input.receipt.model,
          input.receipt.promptVersion,
          JSON.stringify(input.receipt.corpusVersions),
          JSON.stringify(input.receipt.passages),
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

export async function updateConversation(
  database: Database,
  reader: Reader,
  id: string,
  change: { title?: string; archived?: boolean },
): Promise<ConversationRow | null> {
  const { rows } = await database.pool.query<ConversationRow>(
    `update conversations c set title = coalesce($4, title), archived = coalesce($5, archived)
     where ${mayWrite} and c.id = $3
     returning id, title, message_count as "messageCount", updated_at as "updatedAt"`,
    [reader.tenantId, reader.userId, id, change.title ?? null, change.archived ?? null],
  );
  return rows[0] ?? null;
}

/** Only its owner deletes a conversation; messages, citations and receipts go with it. */
export async function deleteConversation(database: Database, reader: Reader, id: string): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    "delete from conversations where tenant_id = $1 and owner_id = $2 and id = $3",
    [reader.tenantId, reader.userId, id],
  );
  return rowCount === 1;
}

/** The reader's earlier questions of a conversation, oldest first, before a sequence id. */
export async function selectEarlierQuestions(
  database: Database,
  conversationId: string,
  beforeSequenceId: number,
  limit: number,
): Promise<string[]> {
  const { rows } = await database.pool.query<{ content: string }>(
    `select content from messages where conversation_id = $1 and sequence_id < $2 and role = 'user'
     order by sequence_id desc limit $3`,
    [conversationId, beforeSequenceId, limit],
  );
  return rows.map((row) => row.content).reverse();
}
