import type pg from "pg";
import { type Database, transaction } from "../pool.ts";
import type { MessageRow } from "./conversations.ts";
import type { FeedbackRow } from "./feedback.ts";
import { keepSearch, type MovedText } from "./moved-search.ts";

/** Where a moved conversation lies. */
export interface MovedPlace {
  /** Object holding its rows as gzipped JSON lines. */
  key: string;
  /** Of the lines before they were compressed, in hexadecimal. */
  sha256: string;
  lines: number;
  messages: number;
  /** As stored. */
  bytes: number;
}

/** A conversation and the state in which it was looked at. */
export interface MovableConversation {
  id: string;
  /** First day of the month its messages are filed under. */
  month: string;
  revision: number;
}

/** The tables that a conversation's lines come from, in the order in which they can be put back. */
const tables = ["messages", "message_citations", "answer_receipts", "message_feedback"] as const;
type MovedTable = (typeof tables)[number];

/** One row of a moved conversation: `row` as Postgres writes it in JSON. */
export interface MovedLine {
  table: MovedTable;
  row: Record<string, unknown>;
}

/** What `moved_messages` keeps, or what is made anew from the text. */
const remade = ["search", "embedding"];

const idle = `moved is null and deleted_at is null and updated_at < now() - make_interval(days => $2)
  and not exists (select from messages m where m.month = c.month and m.conversation_id = c.id and m.status in ('pending', 'streaming'))
  and not exists (select from messages m join message_feedback f on f.month = m.month and f.message_id = m.id
    where m.month = c.month and m.conversation_id = c.id and f.resolved_at is null)`;

/**
 * Conversations of a month that nobody has written in for so many days, by id, behind one. Where administrators have not
 * dealt with what readers said, it stays here.
 */
export async function selectIdleConversations(
  database: Database,
  month: string,
  idleDays: number,
  page: { after: string | null; limit: number },
): Promise<MovableConversation[]> {
  const { rows } = await database.pool.query<MovableConversation>(
    `select c.id, c.month::text, c.revision::float8 as revision from conversations c
     where c.month = $1 and ${idle} and ($3::uuid is null or c.id > $3) order by c.id limit $4`,
    [month, idleDays, page.after, page.limit],
  );
  return rows;
}

export interface MovedLinePage {
  lines: string[];
  messages: number;
  /** Sequence id to go on behind; null at the end. */
  last: number | null;
}

/**
 * A page of a conversation's rows as JSON lines: always the same text for the same rows.
 * @param afterSequence only messages behind this sequence id, with all that belongs to them
 */
export async function selectMovedLines(
  database: Database,
  conversation: Pick<MovableConversation, "id" | "month">,
  afterSequence: number,
  limit: number,
): Promise<MovedLinePage> {
  return transaction(database, (client) => linesOf(client, conversation, afterSequence, limit));
}

async function linesOf(
  client: pg.PoolClient,
  { id, month }: Pick<MovableConversation, "id" | "month">,
  afterSequence: number,
  limit: number,
): Promise<MovedLinePage> {
  await client.query("set local timezone = 'UTC'");
  const line = (table: MovedTable, row: string) => `'{"table":"${table}","row":' || (${row})::text || '}'`;
  const { rows } = await client.query<{ line: string; sequence: number; isMessage: boolean }>(
    `with m as materialized (
       select * from messages where month = $1 and conversation_id = $2 and sequence_id > $3 order by sequence_id limit $4)
     select line, sequence::float8 as sequence, place = 0 as "isMessage" from (
       select 0 as place, m.sequence_id as sequence, '' as within,
         ${line("messages", `to_jsonb(m) ${remade.map((column) => `- '${column}'`).join(" ")}`)} as line from m
       union all
       select 1, m.sequence_id, lpad(q.id::text, 20, '0'), ${line("message_citations", "to_jsonb(q)")}
       from m join message_citations q on q.message_id = m.id and q.month = m.month
       union all
       select 2, m.sequence_id, '', ${line("answer_receipts", "to_jsonb(r)")}
       from m join answer_receipts r on r.message_id = m.id and r.month = m.month
       union all
       select 3, m.sequence_id, f.id::text, ${line("message_feedback", "to_jsonb(f)")}
       from m join message_feedback f on f.message_id = m.id and f.month = m.month) lines
     order by sequence, place, within`,
    [month, id, afterSequence, limit],
  );
  const messages = rows.filter(({ isMessage }) => isMessage).length;
  return {
    lines: rows.map((row) => row.line),
    messages,
    last: messages === limit ? (rows.at(-1)?.sequence ?? null) : null,
  };
}

/**
 * Takes a conversation's rows away for what lies at `place`, if they still are what lies there. Nobody can change them
 * between the comparison and the deletion: the conversation, its messages and what is said of them are held.
 * @param isSame reads all pages again and says whether they are the kept ones
 * @returns false when the conversation has been changed, used, deleted or moved since it was looked at: it stays
 */
export async function takeAwayMoved(
  database: Database,
  conversation: MovableConversation,
  idleDays: number,
  place: MovedPlace,
  isSame: (page: (afterSequence: number, limit: number) => Promise<MovedLinePage>) => Promise<boolean>,
): Promise<boolean> {
  const { id, month, revision } = conversation;
  return transaction(database, async (client) => {
    const held = await client.query(
      `select 1 from conversations c where c.id = $1 and ${idle} and c.month = $3 and c.revision = $4 for update`,
      [id, idleDays, month, revision],
    );
    if (held.rowCount !== 1) return false;
    await client.query("select 1 from messages where month = $1 and conversation_id = $2 for update", [month, id]);
    await client.query(
      `select 1 from message_feedback f where f.month = $1 and f.message_id in (
         select m.id from messages m where m.month = $1 and m.conversation_id = $2) for update`,
      [month, id],
    );
    if (!(await isSame((after, limit) => linesOf(client, conversation, after, limit)))) return false;
    await client.query(
      `insert into moved_citations (conversation_id, message_id, document_id, answered_at)
       select distinct $2::uuid, m.id, q.document_id, m.created_at
       from messages m join message_citations q on q.message_id = m.id and q.month = m.month
       where m.month = $1 and m.conversation_id = $2 and q.document_id is not null
       on conflict do nothing`,
      [month, id],
    );
    await keepSearch(client, conversation);
    await client.query("delete from messages where month = $1 and conversation_id = $2", [month, id]);
    const moved = JSON.stringify({ ...place, searchable: true });
    await client.query("update conversations set moved = $2 where id = $1", [id, moved]);
    return true;
  });
}

/** Where a conversation lies that has been moved; null when it has not. Who may know is for the caller to have asked. */
export async function selectMovedPlace(
  database: Database,
  conversationId: string,
): Promise<(MovedPlace & { month: string }) | null> {
  const { rows } = await database.pool.query<{ month: string; moved: MovedPlace }>(
    "select month::text, moved from conversations where id = $1 and moved is not null",
    [conversationId],
  );
  return rows[0] ? { ...rows[0].moved, month: rows[0].month } : null;
}

/** Ids of a month's moved conversations, behind one. */
export async function selectMovedConversations(
  database: Database,
  month: string,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from conversations where month = $1 and moved is not null and ($2::uuid is null or id > $2)
     order by id limit $3`,
    [month, page.after, page.limit],
  );
  return rows.map(({ id }) => id);
}

/** Those of the keys at which no conversation lies. */
export async function selectUnreferenced(database: Database, keys: { key: string; id: string }[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ key: string }>(
    `select k.key from unnest($1::text[], $2::uuid[]) k(key, id)
     where not exists (select from conversations c where c.id = k.id and c.moved ->> 'key' = k.key)`,
    [keys.map(({ key }) => key), keys.map(({ id }) => id)],
  );
  return rows.map(({ key }) => key);
}

/**
 * Puts a moved conversation's rows back into their month, all or none.
 * @param lines all that lies at `place`
 * @returns false when it lies there no more: somebody else has brought it back, or it is gone
 * @throws Error when the rows do not fit the tables, or are not as many as were moved
 */
export async function putBackMoved(
  database: Database,
  conversationId: string,
  place: MovedPlace,
  lines: string[],
): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{ month: string }>(
      "select month::text from conversations where id = $1 and moved ->> 'key' = $2 for update",
      [conversationId, place.key],
    );
    const month = rows[0]?.month;
    if (!month) return false;
    await client.query("select ensure_message_month($1)", [month]);
    const written = await putRows(client, lines);
    if (written !== place.messages) {
      throw new Error(`${place.key} holds ${written} messages, not the ${place.messages} that were moved`);
    }
    await client.query("delete from moved_citations where conversation_id = $1", [conversationId]);
    await client.query("delete from moved_messages where conversation_id = $1", [conversationId]);
    await client.query("update conversations set moved = null, revision = revision + 1 where id = $1", [
      conversationId,
    ]);
    return true;
  });
}

const rowsAtOnce = 500;
const prefixOf = (table: MovedTable) => `{"table":"${table}",`;

/** @returns how many of the rows are messages */
async function putRows(client: pg.PoolClient, lines: string[]): Promise<number> {
  let messages = 0;
  for (const table of tables) {
    const own = lines.filter((line) => line.startsWith(prefixOf(table)));
    if (own.length === 0) continue;
    const columns = await columnsOf(client, table, own[0] as string);
    if (table === "messages") columns.push("embedding");
    for (let at = 0; at < own.length; at += rowsAtOnce) {
      const { rowCount } = await client.query(
        `insert into ${table} (${columns.join(", ")})
         select ${columns.map((column) => restored(table, column)).join(", ")}
         from unnest($1::text[]) line cross join lateral jsonb_populate_record(null::${table}, line::jsonb -> 'row') r
         ${table === "message_feedback" ? "where exists (select from users u where u.id = r.user_id for key share)" : ""}`,
        [own.slice(at, at + rowsAtOnce)],
      );
      if (table === "messages") messages += rowCount ?? 0;
    }
  }
  return messages;
}

/** What a row names may be gone by now: then it is put back as if it had been here when that went. */
function restored(table: MovedTable, column: string): string {
  if (table === "message_citations" && column === "document_id") {
    return "(select d.id from documents d where d.id = r.document_id for key share)";
  }
  if (table === "message_feedback" && column === "resolved_by") {
    return "(select u.id from users u where u.id = r.resolved_by for key share)";
  }
  // Not among the lines; what has none yet is embedded like a new message.
  if (table === "messages" && column === "embedding") {
    return "(select v.embedding from moved_messages v where v.message_id = r.id)";
  }
  return `r.${column}`;
}

/** The columns that the line says something of; those added since take what the table gives them. */
async function columnsOf(client: pg.PoolClient, table: MovedTable, line: string): Promise<string[]> {
  const { rows } = await client.query<{ column: string | null; key: string }>(
    `select quote_ident(a.attname) as column, k.key from jsonb_object_keys($2::jsonb -> 'row') k(key)
     left join pg_attribute a on a.attrelid = $1::regclass and a.attname = k.key and a.attnum > 0
       and not a.attisdropped and a.attgenerated = ''`,
    [table, line],
  );
  return rows.map(({ column, key }) => {
    if (column === null) throw new Error(`a moved row of ${table} has a column ${key} that there is no more`);
    return column;
  });
}

/** The messages among a moved conversation's lines, as those who read it see them. */
export async function messageRowsOf(database: Database, lines: MovedLine[]): Promise<MessageRow[]> {
  const rows = lines.filter(({ table }) => table === "messages").map(({ row }) => row);
  const senders = rows.filter((row) => row.sender_type === "human").map((row) => String(row.sender_id));
  const named = await database.pool.query<{ id: string; name: string }>(
    "select id::text, name from users where id = any($1::uuid[])",
    [[...new Set(senders)]],
  );
  const names = new Map(named.rows.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({
    id: row.id as string,
    month: row.month as string,
    conversationId: row.conversation_id as string,
    sequenceId: Number(row.sequence_id),
    parentId: row.parent_id as string | null,
    role: row.role as MessageRow["role"],
    senderId: row.sender_id as string,
    senderName: (row.sender_type === "human" && names.get(row.sender_id as string)) || null,
    content: row.content as string,
    status: row.status as MessageRow["status"],
    answer: row.answer,
    metadata: row.metadata as MessageRow["metadata"],
    identifiers: (row.identifiers as MessageRow["identifiers"] | undefined) ?? null, // absent in objects from before there were any
    createdAt: new Date(row.created_at as string),
  }));
}

/** The messages among a moved conversation's lines that search knows of: those that are finished and say something. */
export function movedTextsOf(lines: MovedLine[]): MovedText[] {
  const rows = lines.filter(({ table }) => table === "messages").map(({ row }) => row);
  const contents = new Map(rows.map((row) => [row.id, row.content as string]));
  return rows
    .filter(({ status, content }) => (status === "complete" || status === "stopped") && content !== "")
    .map((row) => ({
      id: row.id as string,
      sequenceId: Number(row.sequence_id),
      role: row.role as string,
      senderId: row.sender_id as string,
      content: row.content as string,
      question: (row.role === "assistant" && contents.get(row.parent_id)) || null,
      createdAt: row.created_at as string,
    }));
}

/** What one person said, among a moved conversation's lines; its order is that of `selectFeedback`. */
export function movedFeedbackOf(lines: MovedLine[], userId: string): FeedbackRow[] {
  const answers = lines.filter(({ table }) => table === "messages").map(({ row }) => row.id);
  return lines
    .filter(({ table, row }) => table === "message_feedback" && row.user_id === userId)
    .map(({ row }) => ({
      messageId: row.message_id as string,
      sentenceIndex: row.sentence_index as number | null,
      kind: row.kind as FeedbackRow["kind"],
      note: row.note as string,
      updatedAt: new Date(row.updated_at as string),
    }))
    .toSorted(
      (left, right) =>
        answers.indexOf(left.messageId) - answers.indexOf(right.messageId) ||
        (left.sentenceIndex ?? -1) - (right.sentenceIndex ?? -1),
    );
}
