import { randomUUID } from "node:crypto";
import {
  type Database,
  insertAnswer,
  insertConversation,
  insertMessage,
  insertQuestion,
  type MessageRow,
  type Reader,
  selectConversation,
  selectMessages,
} from "#db/index.ts";
import { type FaultReport, secondsSince } from "./report.ts";

export interface WritersOptions {
  writers: number;
  /** Messages of each writer. */
  messages: number;
  /** Conversations that the writers share among them. */
  conversations: number;
  signal?: AbortSignal | undefined;
}

/** What a writer was told is stored. */
type Receipt = Pick<MessageRow, "id" | "sequenceId" | "content">;

interface Tally {
  acknowledged: number;
  stored: number;
  lost: number;
  doubled: number;
  gaps: number;
  outOfOrder: number;
  /** Wrong in what a reader saw who read on while they wrote: a gap, a repetition or a step back. */
  misread: number;
  miscounted: number;
}

/**
 * Many people write at once, by every way a message comes to be: alone, as a question with its answer's place, as a
 * further answer. Afterwards what is stored is held against what each was told, and against what a reader saw of it.
 */
export async function manyWriters(database: Database, options: WritersOptions): Promise<FaultReport> {
  const started = performance.now();
  const readers = await makeReaders(database, options.writers);
  const conversations: { id: string; writers: Reader[] }[] = [];
  for (let at = 0; at < options.conversations; at += 1) {
    const writers = readers.filter((_, index) => index % options.conversations === at);
    conversations.push({ id: await openFor(database, writers), writers });
  }
  const tallies = await Promise.all(conversations.map(({ id, writers }) => writeInto(database, id, writers, options)));
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  const counts = {
    writers: options.writers,
    conversations: options.conversations,
    acknowledged: sum("acknowledged"),
    stored: sum("stored"),
    lost: sum("lost"),
    doubled: sum("doubled"),
    gaps: sum("gaps"),
    "out of order": sum("outOfOrder"),
    "misread while written": sum("misread"),
  };
  const seconds = secondsSince(started);
  return {
    name: `${options.writers} writers × ${options.messages} messages into ${options.conversations}`,
    on: database.isEmbedded ? "embedded Postgres" : "real Postgres",
    seconds,
    counts: { ...counts, "messages a second": Math.round(counts.stored / seconds) },
    promises: {
      "every message is stored": counts.stored === options.writers * options.messages && counts.lost === 0,
      "none is stored twice": counts.doubled === 0,
      "sequence ids have no gap and count the messages": counts.gaps === 0 && sum("miscounted") === 0,
      "each writer's messages stand in the order of writing": counts["out of order"] === 0,
      "a reader who follows sees each once, in order": counts["misread while written"] === 0,
    },
  };
}

async function writeInto(
  database: Database,
  id: string,
  writers: Reader[],
  { messages, signal }: WritersOptions,
): Promise<Tally> {
  const [owner] = writers;
  const opened = owner && (await selectConversation(database, owner, id));
  if (!owner || !opened) throw new Error("a conversation without writers was made");
  const conversation = { id, month: opened.month };
  const written = new AbortController();
  const following = follow(database, owner, conversation, written.signal);
  const receipts = await Promise.all(
    writers.map((writer, index) => write(database, writer, id, `${index}`, messages, signal)),
  ).finally(() => written.abort());
  const seen = await following;
  const stored = await storedIn(database, conversation);
  const ids = new Map(stored.map((row) => [row.id, row]));
  const places = new Set(stored.map(({ sequenceId }) => sequenceId));
  const told = receipts.flat();
  const last = stored.at(-1)?.sequenceId ?? 0;
  const { rows } = await database.pool.query<{ last: number; count: number }>(
    "select last_sequence_id::float8 as last, message_count::float8 as count from conversations where id = $1",
    [id],
  );
  return {
    acknowledged: told.length,
    stored: stored.length,
    lost: told.filter((receipt) => !isSame(ids.get(receipt.id), receipt)).length,
    doubled: stored.length - Math.min(ids.size, places.size) + told.length - new Set(told.map(({ id }) => id)).size,
    gaps: last - places.size,
    outOfOrder: receipts.reduce((total, own) => total + stepsBack(own.map(({ sequenceId }) => sequenceId)), 0),
    misread: seen.filter((sequenceId, at) => sequenceId !== at + 1).length + Math.abs(stored.length - seen.length),
    miscounted: rows[0]?.last === stored.length && rows[0]?.count === stored.length ? 0 : 1,
  };
}

/** One writer, message after message: of four, one alone, a question with its answer, and a further answer to it. */
async function write(
  database: Database,
  writer: Reader,
  id: string,
  name: string,
  messages: number,
  signal: AbortSignal | undefined,
): Promise<Receipt[]> {
  const told: Receipt[] = [];
  let questionId: string | null = null;
  while (told.length < messages) {
    signal?.throwIfAborted();
    const content = `${name}:${told.length}`;
    const left = messages - told.length;
    if (questionId !== null && told.length % 4 === 3) {
      told.push(known(await insertAnswer(database, writer, id, { questionId, eventsAfter: "1-0" })));
    } else if (told.length % 4 === 1 && left >= 2) {
      const asked = known(
        await insertQuestion(database, writer, id, { question: content, collections: [], eventsAfter: "1-0" }),
      );
      told.push(asked.question, asked.answer);
      questionId = asked.question.id;
    } else told.push(known(await insertMessage(database, writer, id, { content })));
  }
  return told;
}

/** The sequence ids that a reader sees who asks again and again for what comes after the last one seen. */
async function follow(
  database: Database,
  reader: Reader,
  conversation: { id: string; month: string },
  written: AbortSignal,
): Promise<number[]> {
  const seen: number[] = [];
  for (;;) {
    const isLast = written.aborted;
    const page = await selectMessages(database, reader, conversation, { after: seen.at(-1) ?? 0, limit: 500 });
    for (const { sequenceId } of page) seen.push(sequenceId);
    if (isLast && page.length === 0) return seen;
    if (page.length < 50 && !isLast) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function storedIn(database: Database, { id, month }: { id: string; month: string }): Promise<Receipt[]> {
  const { rows } = await database.pool.query<Receipt>(
    `select id, sequence_id::float8 as "sequenceId", content from messages
     where month = $2 and conversation_id = $1 order by sequence_id`,
    [id, month],
  );
  return rows;
}

async function makeReaders(database: Database, count: number): Promise<Reader[]> {
  const { rows } = await database.pool.query<Reader>(
    `with tenant as (insert into tenants (slug, name) values ($1, 'Ward') returning id),
       people as (insert into users (name, email)
         select 'Writer ' || n, $1 || '-' || n || '@example.org' from generate_series(1, $2::int) n returning id)
     insert into members (tenant_id, user_id, role) select tenant.id, people.id, 'clinician' from tenant, people
     returning tenant_id as "tenantId", user_id as "userId"`,
    [randomUUID(), count],
  );
  return rows;
}

async function openFor(database: Database, [owner, ...others]: Reader[]): Promise<string> {
  if (!owner) throw new Error("there are fewer writers than conversations");
  const id = await insertConversation(database, owner, "Written by many");
  await database.pool.query(
    `insert into participants (conversation_id, participant_id, kind, role)
     select $1, unnest($2::text[]), 'human', 'writer'`,
    [id, others.map(({ userId }) => userId)],
  );
  return id;
}

function known<T>(stored: T | null): T {
  if (stored === null) throw new Error("a participant's message was refused");
  return stored;
}

function isSame(stored: Receipt | undefined, told: Receipt): boolean {
  return stored !== undefined && stored.sequenceId === told.sequenceId && stored.content === told.content;
}

function stepsBack(sequenceIds: number[]): number {
  return sequenceIds.filter((id, at) => at > 0 && id <= (sequenceIds[at - 1] as number)).length;
}
