import type { NamedStatement } from "../database.ts";
import type { Database } from "../pool.ts";
import { isSender, mayRead, mayWrite, messageColumns } from "./conversation-fragments.ts";
import type { MessageRow, OpenedConversationRow, Reader } from "./conversations.ts";

/** A page of messages by their sequence ids; at most one bound is given. */
export interface MessagePage {
  limit: number;
  /** The first ones after this sequence id. */
  after?: number | undefined;
  /** The last ones before this sequence id. */
  before?: number | undefined;
}

/**
 * The last messages of a conversation, or those before or after a sequence id; oldest first. One scan of the index
 * (conversation, sequence) from its end, in one partition.
 */
export async function selectMessages(
  database: Database,
  reader: Reader,
  conversation: Pick<OpenedConversationRow, "id" | "month">,
  { limit, after, before }: MessagePage,
): Promise<MessageRow[]> {
  const page = after !== undefined ? "after" : before !== undefined ? "before" : "last";
  const bound = { after: "and sequence_id > $6", before: "and sequence_id < $6", last: "" }[page];
  const values: unknown[] = [reader.tenantId, reader.userId, conversation.id, limit, conversation.month];
  if (bound) values.push(after ?? before);
  const statement: NamedStatement = {
    name: `messages-${page}`,
    text: `select ${messageColumns} from conversations c
      join lateral (
        select * from messages where month = $5 and conversation_id = c.id ${bound}
        order by sequence_id ${page === "after" ? "asc" : "desc"} limit $4) m on true
      left join users u on ${isSender}
      where ${mayRead} and c.id = $3 order by m.sequence_id`,
    values,
    keepsPlan: true,
  };
  const { rows } = await database.pool.query<MessageRow>(statement);
  return rows;
}

/** Whether an answer of this conversation bears the id: a question may follow it. */
export async function isAnswerOf(
  database: Database,
  conversation: Pick<OpenedConversationRow, "id" | "month">,
  messageId: string,
): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    "select 1 from messages where month = $1 and conversation_id = $2 and id = $3 and role = 'assistant'",
    [conversation.month, conversation.id, messageId],
  );
  return rowCount === 1;
}

/**
 * Adds one message under the next sequence id, in one statement: alone among others, whatever the number of writers.
 * @returns null when the conversation is not the reader's to write in
 */
export async function insertMessage(
  database: Database,
  reader: Reader,
  conversationId: string,
  input: { content: string; parentId?: string | null; metadata?: object },
): Promise<MessageRow | null> {
  const { rows } = await database.pool.query<MessageRow>(
    `with taken as (
       update conversations c set last_sequence_id = last_sequence_id + 1, message_count = message_count + 1,
         revision = revision + 1, updated_at = now()
       where ${mayWrite} and c.id = $3 and c.moved is null returning c.id, c.month, c.last_sequence_id
     ), m as (
       insert into messages (month, tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type, role, content,
         status, metadata)
       select month, $1, id, last_sequence_id, $4, $2, 'human', 'user', $5, 'complete', $6 from taken returning *)
     select ${messageColumns} from m left join users u on ${isSender}`,
    [
      reader.tenantId,
      reader.userId,
      conversationId,
      input.parentId ?? null,
      input.content,
      JSON.stringify(input.metadata ?? {}),
    ],
  );
  return rows[0] ?? null;
}
