import {
  clusterMonth,
  type Database,
  openDatabase,
  rewriteConversations,
  selectConversation,
  selectMessageMonths,
  selectMessages,
} from "#db/index.ts";
import { step } from "#lib/terminal.ts";
import { historyMonths, historyPartition, openHistoryDatabase } from "./history-database.ts";
import { searchRows } from "./history-search.ts";
import { withWriters } from "./history-writers.ts";
import { type BenchRow, interleaveAll, percentile, rowOf, timed } from "./measure.ts";

const lastMessages = 50;
const rounds = 300;
const writers = 8;
/** The month that stays as it arrived, with a copy in which its rows lie together; and one that is laid out. */
const [scatteredMonth, laidOutMonth] = historyMonths as [string, string];
/** Conversations whose rows are brought together one by one, in the month that else stays as it arrived. */
const rewrittenShare = 4;

interface OpenedConversation {
  id: string;
  tenantId: string;
  userId: string;
}

/**
 * What opening a conversation costs in a history of so many messages: its last 50, read as the application reads them,
 * from rows scattered as they arrived, rows brought together since, and rows that always lay together; with nobody else
 * about and with eight writers. And what a search of one's own history costs.
 */
export async function history(
  serverUrl: string | undefined,
  messages: number,
  signal?: AbortSignal,
): Promise<BenchRow[]> {
  const { database, url } = await openHistoryDatabase(serverUrl, messages, signal);
  const together = await openTogether(database, url);
  try {
    const all = await longConversations(database, scatteredMonth);
    const isRewritten = ({ id }: OpenedConversation) => Number.parseInt(id.slice(0, 4), 16) % rewrittenShare === 0;
    const [rewritten, scattered] = [all.filter(isRewritten), all.filter((one) => !isRewritten(one))];
    await step("rows brought together, conversation by conversation", () => settleSome(database, rewritten, signal));
    await step("a whole month laid out", () => layOut(database));
    const laidOut = await longConversations(database, laidOutMonth);
    const against = (name: string, conversations: OpenedConversation[]) =>
      compare(name, { database, conversations }, { database: together, conversations: scattered }, signal);
    const measured = async (load: string) => [
      ...(await against(`of ${messages} messages, scattered as they arrived${load}`, scattered)),
      ...(await against(`the same, brought together one by one${load}`, rewritten)),
      ...(await against(`the same, laid out as a whole month${load}`, laidOut)),
    ];
    return [
      ...(await measured("")),
      ...(await withWriters(url, writers, () => measured(`, beside ${writers} writers`))),
      ...(await searchRows(database, messages, signal)),
    ];
  } finally {
    await together.close();
    await database.close();
  }
}

/**
 * A copy of the scattered month in the order of its conversations, in a schema of its own; a pool that finds it there
 * reads it by the application's own statements.
 */
async function openTogether(database: Database, url: string): Promise<Database> {
  const partition = historyPartition(scatteredMonth);
  // Made by an earlier version, it lacks columns, or a tenant may not read it.
  const { rows } = await database.pool.query(
    `select relrowsecurity and (select count(*) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)
       = (select count(*) from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped) as fits
     from pg_class c where oid = to_regclass('together.messages')`,
    [partition],
  );
  if (!rows[0]?.fits) {
    const columns = await database.pool.query<{ names: string }>(
      `select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [partition],
    );
    const names = columns.rows[0]?.names;
    await step("a copy whose rows lie together", async () => {
      await database.pool.query(`create schema if not exists together; drop table if exists together.loading, together.messages;
        create table together.loading (like ${partition} including defaults including generated including storage);
        insert into together.loading (${names}) select ${names} from ${partition} order by conversation_id, sequence_id;
        alter table together.loading add unique (conversation_id, sequence_id, month);
        alter table together.loading rename to messages;
        grant usage on schema together to probatum_tenant;
        select confine_table('together.messages', 'tenant_id = (select current_tenant())', 'select')`);
      await database.pool.query("vacuum (freeze, analyze) together.messages");
    });
  }
  const address = new URL(url);
  address.searchParams.set("options", "-c search_path=together,public");
  return openDatabase({ url: address.href });
}

/** A month's conversations that have at least as many messages as are read, in no order of theirs. */
async function longConversations(database: Database, month: string): Promise<OpenedConversation[]> {
  const { rows } = await database.pool.query<OpenedConversation>(
    `select id, tenant_id as "tenantId", owner_id as "userId" from conversations
     where month = $1 and message_count >= $2 order by md5(id::text) limit $3`,
    [month, lastMessages, 2 * rounds],
  );
  return rows;
}

async function settleSome(database: Database, conversations: OpenedConversation[], signal?: AbortSignal) {
  const ids = conversations.map(({ id }) => id).sort();
  const { rows } = await database.pool.query<{ pages: number }>(
    `select count(distinct (ctid::text::point)[0])::float8 / count(distinct conversation_id) as pages from messages
     where month = $1 and conversation_id = any($2::uuid[])`,
    [scatteredMonth, ids],
  );
  if ((rows[0]?.pages ?? 0) < lastMessages / 3) return; // by an earlier run
  for (const id of ids) {
    signal?.throwIfAborted();
    await rewriteConversations(database, scatteredMonth, [id]);
  }
}

async function layOut(database: Database): Promise<void> {
  const month = (await selectMessageMonths(database)).find((one) => one.month === laidOutMonth);
  if ((month?.order ?? 0) < 0.97) await clusterMonth(database, laidOutMonth, 10);
}

interface Side {
  database: Database;
  conversations: OpenedConversation[];
}

/** The last messages alone; and what opening the conversation takes, which finds it first and so makes two journeys. */
async function compare(name: string, value: Side, baseline: Side, signal?: AbortSignal): Promise<BenchRow[]> {
  const read = (side: Side, last: number[]) => (round: number) =>
    timed(async () => {
      last.push(await openConversation(side, round));
    });
  for (let round = 0; round < 20; round += 1) {
    await read(value, [])(rounds + round); // connections are open, statements known
    await read(baseline, [])(rounds + round);
  }
  const last = { values: [] as number[], baselines: [] as number[] };
  const whole = await interleaveAll({
    rounds,
    signal,
    value: read(value, last.values),
    baseline: read(baseline, last.baselines),
  });
  return [0.5, 0.95].flatMap((share) =>
    Object.entries({ [`last ${lastMessages}`]: last, "opened with them": whole }).map(([what, { values, baselines }]) =>
      rowOf(`${name}, ${what}: p${100 * share}`, "ms", "postgres", {
        value: percentile(values, share),
        baseline: percentile(baselines, share),
      }),
    ),
  );
}

/**
 * As a request does: behind row-level security, for the tenant of who reads.
 * @returns milliseconds that reading the messages took, once the conversation was found
 */
async function openConversation({ database: whole, conversations }: Side, round: number): Promise<number> {
  const { id, ...reader } = conversations[round % conversations.length] as OpenedConversation;
  const database = whole.confinedTo(reader.tenantId);
  const conversation = await selectConversation(database, reader, id);
  if (!conversation) throw new Error(`the conversation ${id} is gone`);
  return timed(async () => {
    const messages = await selectMessages(database, reader, conversation, { limit: lastMessages });
    if (messages.length !== lastMessages) throw new Error(`the conversation ${id} has lost messages`);
  });
}
