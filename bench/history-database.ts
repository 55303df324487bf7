import pg from "pg";
import { copyRows } from "#db/copy.ts";
import { type Database, migrateDatabase, openDatabase } from "#db/index.ts";
import { step } from "#lib/terminal.ts";
import { drawSentence, naturalText } from "./growth-text.ts";

/** Months of the history, the last of them the one in which it ended. */
export const historyMonths = Array.from({ length: 24 }, (_, at) =>
  new Date(Date.UTC(2024, 11 + at, 1)).toISOString().slice(0, 10),
);
/** The first of the users are those whose history is searched: 2,000 to 5,000 messages each, with vectors. */
export const searchedUsers = 20;
const messagesPerConversation = 25;
const users = 20_000;
const tenants = 50;
const sentences = 30_000;
const answers = 3_000;
const seed = 1871;
/** Months loaded side by side. */
const buildersAtOnce = 2;

/**
 * The history bench's own database on the given server, one for each size, kept because it takes long to build:
 * conversations of 24 months in the real schema, each month's messages in the order in which they arrived, so that a
 * conversation's rows lie scattered among others'. A build that was ended goes on with the month it had reached.
 * Remove it by `drop database probatum_bench_history_<messages>`.
 */
export async function openHistoryDatabase(
  serverUrl: string | undefined,
  messages: number,
  signal?: AbortSignal,
): Promise<{ database: Database; url: string }> {
  if (!serverUrl) throw new Error("This bench measures a native Postgres: set DATABASE_URL to a server's.");
  const name = `probatum_bench_history_${messages}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrateDatabase(url.href);
  const database = await openDatabase({ url: url.href, max: 20 });
  try {
    await withBuilder(url.href, (client) => plan(client, messages));
    const months = [...historyMonths];
    await Promise.all(
      Array.from({ length: buildersAtOnce }, () =>
        withBuilder(url.href, (client) => loadMonths(client, months, signal)),
      ),
    );
    return { database, url: url.href };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function withBuilder(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Joins that keep the order of arrival must neither run in parallel nor in batches.
    await client.query(`set synchronous_commit = off; set work_mem = '256MB'; set jit = off;
      set max_parallel_workers_per_gather = 0; set max_parallel_maintenance_workers = 0`);
    await work(client);
  } finally {
    await client.end();
  }
}

async function plan(client: pg.Client, messages: number): Promise<void> {
  await client.query("create schema if not exists made");
  const { rows } = await client.query("select to_regclass('made.plan') is not null as planned");
  if (rows[0].planned) return;
  await step("sentences and answers to draw from", () => makeTexts(client));
  await step("people and conversations", () => makePlan(client, messages));
}

/** Loads those of the months, taken from their list, that do not stand yet. */
async function loadMonths(client: pg.Client, months: string[], signal?: AbortSignal): Promise<void> {
  for (let month = months.shift(); month !== undefined; month = months.shift()) {
    signal?.throwIfAborted();
    const wanted = month;
    const { rows } = await client.query("select to_regclass($1) is not null as there", [historyPartition(wanted)]);
    if (rows[0].there && (await holds(client, wanted))) continue;
    await step(`messages of ${wanted.slice(0, 7)}`, () => loadMonth(client, wanted));
  }
}

export function historyPartition(month: string): string {
  return `messages_${month.slice(0, 4)}_${month.slice(5, 7)}`;
}

const loading = (month: string) => `made.loading_${month.slice(0, 4)}_${month.slice(5, 7)}`;

async function holds(client: pg.Client, month: string): Promise<boolean> {
  const { rows } = await client.query(`select exists (select from ${historyPartition(month)}) as holds`);
  return rows[0].holds;
}

/** Texts as the benches of a large corpus draw them, to be put together anew for every message. */
async function makeTexts(client: pg.Client): Promise<void> {
  const text = naturalText(seed);
  const draw = (words: number) => drawSentence(text, words);
  await client.query(`drop table if exists made.sentences, made.answers;
    create table made.sentences (id int primary key, words text);
    create table made.answers (id int primary key, answer jsonb)`);
  const lengths = () => 6 + Math.floor(text.random() * 9);
  await copyRows(
    client,
    "made.sentences",
    [
      ["id", (to, { id }) => to.integer(id)],
      ["words", (to, { words }) => to.text(words)],
    ],
    Array.from({ length: sentences }, (_, id) => ({ id, words: draw(lengths()) })),
  );
  await copyRows(
    client,
    "made.answers",
    [
      ["id", (to, { id }) => to.integer(id)],
      ["answer", (to, { answer }) => to.json(answer)],
    ],
    Array.from({ length: answers }, (_, id) => ({ id, answer: makeAnswer(text.random, draw) })),
  );
}

/** An answer of some sentences with their quotes, 2 to 4 KB. */
function makeAnswer(random: () => number, draw: (words: number) => string) {
  const count = 3 + Math.floor(random() * 3);
  return {
    status: "answered",
    mode: "extractive",
    model: null,
    sentences: Array.from({ length: count }, (_, index) => {
      const quote = draw(14);
      const start = Math.floor(random() * 5_000);
      const documentId = String(Math.floor(random() * 1e6));
      const citation = {
        number: index + 1,
        collection: "guidelines",
        collectionTitle: "Guidelines",
        documentId,
        chunkId: documentId,
        sourceId: documentId,
        title: draw(9),
        section: "Results",
        page: null,
        quote,
        start,
        end: start + quote.length,
        publishedOn: "2023-05",
        evidenceLevel: "guideline",
        depth: "abstract",
        status: "current",
        isSample: false,
        ocr: null,
        alike: 0,
      };
      return { index, text: quote, group: citation.title, citations: [citation] };
    }),
    dropped: [],
    warnings: [],
    contrasts: [],
    followUps: [draw(8), draw(8)],
    gap: null,
    redirection: null,
    timings: { embed: 4, retrieve: 11, rank: 1, firstSentence: 18, total: 24 },
  };
}

/** Who asks how much in which conversation, from when on. One in 500 conversations is a long one of 200 to 2,000 messages. */
async function makePlan(client: pg.Client, messages: number): Promise<void> {
  const conversations = Math.round(messages / messagesPerConversation);
  await client.query(`begin; select setseed(0.71);
    drop table if exists made.people;
    create table made.people as select n, md5('user ' || n)::uuid as id, md5('tenant ' || n % ${tenants})::uuid as tenant_id
      from generate_series(0, ${users - 1}) n;
    insert into tenants (id, slug, name) select md5('tenant ' || n)::uuid, 'tenant-' || n, 'Clinic ' || n
      from generate_series(0, ${tenants - 1}) n;
    insert into users (id, name, email) select id, 'Person ' || n, 'person-' || n || '@example.org' from made.people;
    insert into members (tenant_id, user_id, role) select tenant_id, id, 'clinician' from made.people`);
  // The searched ones have 80 to 200 conversations; others' numbers fall off steeply.
  await client.query(
    `create table made.plan as
     with drawn as (
       select n, random() as who, random() as size, random() as length, random() as day from generate_series(1, $1::int) n
     ), owned as (
       select *, case when n <= least(${140 * searchedUsers}, $1 / 4) then floor(${searchedUsers} * power(who, 0.8))
         else ${searchedUsers} + floor(${users - searchedUsers} * power(who, 1.5)) end::int as person from drawn
     )
     select owned.n, md5('conversation ' || owned.n)::uuid as id, p.id as user_id, p.tenant_id, person < ${searchedUsers} as searched,
       2 * (case when size < 0.002 and person >= ${searchedUsers} then 100 + floor(900 * power(length, 2))
         else ceil(-11.5 * ln(1 - 0.999 * length)) end)::int as messages,
       timestamptz '2024-12-01' + day * interval '719 days' as begins
     from owned join made.people p on p.n = person`,
    [conversations],
  );
  await client.query(`update made.plan set messages = 2 where messages < 2;
    alter table made.plan add column month date;
    update made.plan set month = date_trunc('month', begins at time zone 'UTC')::date;
    insert into conversations (id, tenant_id, owner_id, title, message_count, last_sequence_id, month, created_at, updated_at)
      select id, tenant_id, user_id, 'Conversation ' || n, messages, messages, month, begins, begins + messages * interval '90 seconds'
      from made.plan order by begins;
    insert into participants (conversation_id, participant_id, kind, role, joined_at, last_read_sequence)
      select id, user_id::text, 'human', 'owner', begins, messages from made.plan
      union all select id, 'probatum', 'ai', 'answerer', begins, 0 from made.plan;
    create index on made.plan (month); commit; analyze conversations, participants, users, members, made.plan`);
}

/** Whole numbers from 0, the same for the same message and salt whenever they are drawn. */
const drawn = (salt: number, below: number) =>
  `(abs(hashint8extended(r.n::bigint * 10000 + r.seq, ${salt}) % ${below}))::int`;
const messageId = (seq: string) => `md5(r.n || ' message ' || ${seq})::uuid`;

/**
 * Turns of a conversation follow each other in minutes, sittings of eight messages in hours or days. The rows go into a
 * table of their own, whose indexes are made when it becomes the month's partition.
 */
async function loadMonth(client: pg.Client, month: string): Promise<void> {
  const [partition, into] = [historyPartition(month), loading(month)];
  await client.query("select ensure_message_month($1)", [month]);
  const options = await client.query<{ reloptions: string[] | null }>(
    "select reloptions from pg_class where oid = $1::regclass",
    [partition],
  );
  const settings = options.rows[0]?.reloptions;
  await client.query(`drop table if exists ${into};
    create table ${into} (like ${partition} including defaults including generated including storage including compression);
    ${settings ? `alter table ${into} set (${settings.join(", ")});` : ""}
    alter table ${into} add constraint of_month check (month = '${month}'), alter column month set not null`);
  await client.query(`insert into ${into} (id, month, tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type,
      role, content, status, answer, sources, metadata, embedding, created_at, updated_at)
    select ${messageId("r.seq")}, '${month}', r.tenant_id, r.id, r.seq,
      case when r.seq > 1 then ${messageId("(r.seq - 1)")} end,
      case when r.asks then r.user_id::text else 'probatum' end, case when r.asks then 'human' else 'ai' end,
      case when r.asks then 'user' else 'assistant' end,
      case when r.asks then a.words else concat_ws(' ', a.words, b.words, c.words, d.words, e.words, f.words) end,
      'complete', j.answer, '[]', '{"filters": {}, "collections": []}',
      case when r.searched then (
        select l2_normalize(array_agg(random() - 0.5)::vector)::halfvec(384) from generate_series(1, 384) g where g > 0 * r.seq) end,
      r.at, r.at + interval '5 seconds'
    from (
      select *, a.seq % 2 = 1 as asks from (
        select p.*, s::bigint as seq, p.begins + ((s + 1) / 2) * interval '2 minutes' + (s % 2) * interval '-15 seconds'
          + ((s - 1) / 8) * (abs(hashint8extended(p.n, 9) % 40)) * interval '1 hour' as at
        from made.plan p cross join lateral generate_series(1, p.messages) s where p.month = '${month}') a
      order by at offset 0
    ) r
    left join made.sentences a on a.id = ${drawn(1, sentences)}
    left join made.sentences b on not r.asks and b.id = ${drawn(2, sentences)}
    left join made.sentences c on not r.asks and c.id = ${drawn(3, sentences)}
    left join made.sentences d on not r.asks and d.id = ${drawn(4, sentences)}
    left join made.sentences e on not r.asks and e.id = ${drawn(5, sentences)}
    left join made.sentences f on not r.asks and f.id = ${drawn(6, sentences)}
    left join made.answers j on not r.asks and j.id = ${drawn(7, answers)}`);
  const indexes = await client.query<{ made: string }>(
    `select regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE INDEX \\S+ ON \\S+', 'create index on ${into}') as made
     from pg_index i where i.indrelid = $1::regclass and not i.indisunique`,
    [partition],
  );
  for (const { made } of indexes.rows) await client.query(made);
  await client.query(
    `alter table ${into} add primary key (id, month), add unique (conversation_id, sequence_id, month)`,
  );
  const bounds = `for values from ('${month}') to (('${month}'::date + interval '1 month')::date)`;
  await client.query(`begin; alter table messages detach partition ${partition}; drop table ${partition};
    alter table ${into} set schema public; alter table public.${into.replace("made.", "")} rename to ${partition};
    alter table messages attach partition ${partition} ${bounds};
    alter table ${partition} drop constraint of_month; commit`);
  await client.query(`vacuum (freeze, analyze) ${partition}`);
}
