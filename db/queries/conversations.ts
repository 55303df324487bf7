import type { NamedStatement } from "../database.ts";
import { type Database, transaction } from "../pool.ts";
import { insertConversationAudit } from "./audit.ts";
import {
  conversationColumns,
  isParticipant,
  isSender,
  mayRead,
  mayWrite,
  messageColumns,
} from "./conversation-fragments.ts";
import { type StoredIdentifier, type WithoutTitleIdentifiers, withTitleIdentifiers } from "./title-identifiers.ts";

export interface ConversationRow {
  id: string;
  title: string;
  messageCount: number;
  updatedAt: Date;
  role: "owner" | "writer" | "reader";
  shared: boolean;
  unread: number;
  pinned: boolean;
  archived: boolean;
  labels: string[];
  deletedAt: Date | null;
  moved: boolean;
  /** What its first 100 messages have replaced, where the title has placeholders; nothing of moved ones. */
  titleIdentifiers: StoredIdentifier[];
}

/** What one reading of a conversation rests on beside what its reader sees in the list. */
export interface OpenedConversationRow extends ConversationRow {
  /** First day of the month its messages are filed under. */
  month: string;
  revision: number;
}

export interface ParticipantRow {
  id: string;
  kind: "human" | "ai";
  name: string;
  role: "owner" | "writer" | "reader" | "answerer";
  joinedAt: Date;
  lastRead: number;
}

export interface MessageRow {
  id: string;
  /** First day of the month its conversation is filed under. */
  month: string;
  conversationId: string;
  sequenceId: number;
  parentId: string | null;
  role: "user" | "assistant" | "system";
  senderId: string;
  senderName: string | null;
  content: string;
  status: "pending" | "streaming" | "complete" | "stopped" | "failed";
  answer: unknown;
  metadata: { collections?: string[]; filters?: unknown; eventsAfter?: string; checked?: boolean };
  /** What stands behind the placeholders of its content. */
  identifiers: StoredIdentifier[] | null;
  createdAt: Date;
}

/** Whose rows are meant. Ownership stands in every WHERE: another's conversation is simply not there. */
export interface Reader {
  tenantId: string;
  userId: string;
}

export async function insertConversation(database: Database, reader: Reader, title: string): Promise<string> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `with made as (
         insert into conversations (tenant_id, owner_id, title) values ($1, $2, $3) returning id, month)
       select id, ensure_message_month(month) from made`,
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

export async function selectConversation(
  database: Database,
  reader: Reader,
  id: string,
): Promise<OpenedConversationRow | null> {
  const statement: NamedStatement = {
    name: "conversation",
    text: `select ${conversationColumns}, c.month::text, c.revision::float8 as revision
      from participants p join conversations c on c.id = p.conversation_id
      where p.participant_id = $2 and c.tenant_id = $1 and c.deleted_at is null and c.id = $3`,
    values: [reader.tenantId, reader.userId, id],
    keepsPlan: true,
  };
  const { rows } = await database.pool.query<WithoutTitleIdentifiers<OpenedConversationRow>>(statement);
  return (await withTitleIdentifiers(database, rows))[0] ?? null;
}

/** Everybody who takes part, in the order they joined. */
export async function selectParticipants(
  database: Database,
  reader: Reader,
  conversationId: string,
): Promise<ParticipantRow[]> {
  const { rows } = await database.pool.query<ParticipantRow>(
    `select q.participant_id as id, q.kind, coalesce(u.name, 'Probatum') as name, q.role, q.joined_at as "joinedAt",
       q.last_read_sequence::float8 as "lastRead"
     from conversations c join participants q on q.conversation_id = c.id
     left join users u on ${isParticipant("q")}
     where ${mayRead} and c.id = $3 order by q.joined_at, q.kind desc, q.participant_id`,
    [reader.tenantId, reader.userId, conversationId],
  );
  return rows;
}

/** A message of a conversation that the reader may write in, for verbs that stop it or answer it again. */
export async function selectWritableMessage(
  database: Database,
  reader: Reader,
  conversationId: string,
  messageId: string,
): Promise<MessageRow | null> {
  const { rows } = await database.pool.query<MessageRow>(
    `select ${messageColumns} from conversations c join messages m on m.month = c.month and m.conversation_id = c.id
     left join users u on ${isSender}
     where ${mayWrite} and c.id = $3 and m.id = $4`,
    [reader.tenantId, reader.userId, conversationId, messageId],
  );
  return rows[0] ?? null;
}

export async function updateConversation(
  database: Database,
  reader: Reader,
  id: string,
  change: { title: string },
): Promise<ConversationRow | null> {
  const { rows } = await database.pool.query<WithoutTitleIdentifiers<ConversationRow>>(
    `update conversations c set title = $4 from participants p
     where p.conversation_id = c.id and p.participant_id = $2 and ${mayWrite} and c.id = $3 returning ${conversationColumns}`,
    [reader.tenantId, reader.userId, id, change.title],
  );
  return (await withTitleIdentifiers(database, rows))[0] ?? null;
}

/** Marks a conversation as deleted: only its owner can. It is there for nobody until it is restored or purged. */
export async function deleteConversation(database: Database, reader: Reader, id: string): Promise<boolean> {
  return recorded(
    database,
    reader,
    id,
    "delete",
    "update conversations set deleted_at = now() where tenant_id = $1 and owner_id = $2 and id = $3 and deleted_at is null",
  );
}

/** Takes the mark away again. */
export async function restoreConversation(database: Database, reader: Reader, id: string): Promise<boolean> {
  return recorded(
    database,
    reader,
    id,
    "restore",
    `update conversations set deleted_at = null
     where tenant_id = $1 and owner_id = $2 and id = $3 and deleted_at is not null and not deleted_by_archive`,
  );
}

async function recorded(database: Database, reader: Reader, id: string, action: string, change: string) {
  return transaction(database, async (client) => {
    const { rowCount } = await client.query(change, [reader.tenantId, reader.userId, id]);
    if (rowCount === 1) await insertConversationAudit(client, reader, id, action);
    return rowCount === 1;
  });
}

/** The questions that led to a question on its own branch, oldest first: the last `limit` before it. */
export async function selectEarlierQuestions(
  database: Database,
  conversationId: string,
  questionId: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await database.pool.query<{ content: string }>(
    `with recursive of as (select month from conversations where id = $1), path as (
       select q.parent_id, q.role, q.content, 0 as depth from of join messages q on q.month = of.month
       where q.conversation_id = $1 and q.id = $2
       union all
       select m.parent_id, m.role, m.content, path.depth + 1 from path join of on true
       join messages m on m.month = of.month and m.conversation_id = $1 and m.id = path.parent_id
       where path.depth < 2 * $3::int)
     select content from path where role = 'user' and depth > 0 order by depth desc`,
    [conversationId, questionId, limit],
  );
  return rows.map((row) => row.content);
}
