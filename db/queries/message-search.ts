import type pg from "pg";
import { type Database, transaction, withClient } from "../pool.ts";
import type { Reader } from "./conversations.ts";
import { encodeVector } from "./vectors.ts";

/** A conversation that may be searched: one the reader takes part in. */
export interface SearchableConversation {
  id: string;
  /** First day of the month its messages are filed under. */
  month: string;
  title: string;
  updatedAt: Date;
  archived: boolean;
  shared: boolean;
  /** Its messages lie in the object store. */
  moved: boolean;
  /** They were moved before search could know of it, and the nightly job has not come to them: its title alone counts. */
  titleOnly: boolean;
  /** Ids of the people who take part, the reader among them. */
  people: string[];
}

export interface Person {
  id: string;
  name: string;
}

/** Words to find, as `words` of them that are whole and the last one, which may still be being typed. */
export interface SearchedWords {
  whole: string;
  beginning: string;
}

export interface MessageSearch {
  words: SearchedWords | null;
  /** The meaning to come near to; null: by words alone. */
  vector: ArrayLike<number> | null;
  /** Cosine from which a message is near in meaning. */
  nearness: number;
  from: Date | null;
  /** Exclusive. */
  until: Date | null;
  /** Only what these people sent; null: whoever. */
  senders: string[] | null;
  limit: number;
  offset: number;
}

export interface FoundMessageRow {
  id: string;
  conversationId: string;
  sequenceId: number;
  role: "user" | "assistant" | "system";
  senderId: string;
  createdAt: Date;
  /** Text with what was found between `markStart` and `markEnd`; null: it lies in the object store, see `excerptsOf`. */
  snippet: string | null;
  byWords: boolean;
  /** Cosine; null where it was not compared. */
  nearness: number | null;
}

/** Around what was found in a snippet or a title: characters for private use, taken out of the text itself before. */
export const markStart = "\uE000";
export const markEnd = "\uE001";

/** Shown whole, in characters; of longer texts what stands around the words found. */
const shortText = 260;
const marks = `'StartSel=${markStart}, StopSel=${markEnd}`;
const unmarked = (text: string) => `translate(${text}, '${markStart}${markEnd}', '')`;

/**
 * What is searched for, as one tsquery: every whole word, and a word that begins with, or is the stem of, the last one.
 * While a word is being typed its stem may be shorter than what stands there ("anticoagulati"): those are taken too.
 */
const wanted = `(
  select case
    when numnode(last.whole) = 0 and numnode(head.query) > 0 then head.query
    when last.beginning is null then head.query
    else head.query && (last.whole || last.beginning) end
  from (select websearch_to_tsquery('english', $1::text) as query) head,
    (select websearch_to_tsquery('english', $2::text) as whole, to_tsquery('simple', nullif((
       select string_agg(word, ' | ') from (
         select lower($2::text) || ':*' as word where $2::text <> ''
         union all
         select left(lower($2::text), length($2::text) - cut) from generate_series(1, 4) cut
         where length($2::text) - cut >= 5) forms), '')) as beginning) last)`;

/** Days and people that a search is narrowed to. */
const isNarrowed = `($7::timestamptz is null or created_at >= $7) and ($8::timestamptz is null or created_at < $8)
  and ($9::text[] is null or sender_id = any($9))`;

/** What is shown of a text: around the words where they stand in it, else its beginning. */
const excerptOf = (text: string, byWords: string) => `case when ${byWords}
  then ts_headline('english', ${unmarked(text)}, wanted.query,
    case when length(${text}) <= ${shortText} then ${marks}, HighlightAll=true'
      else ${marks}, MaxFragments=2, MaxWords=28, MinWords=10, ShortWord=0, FragmentDelimiter=" … "' end)
  else ${unmarked(`left(${text}, ${shortText})`)} end`;

/** All that the reader may search, deleted ones left out. */
export async function selectSearchable(database: Database, reader: Reader): Promise<SearchableConversation[]> {
  const { rows } = await database.pool.query<SearchableConversation>(
    `select c.id, c.month::text, c.title, c.updated_at as "updatedAt", p.archived_at is not null as archived,
       cardinality(o.people) > 1 as shared, c.moved is not null as moved,
       c.moved is not null and not (c.moved ? 'searchable') as "titleOnly", o.people
     from participants p join conversations c on c.id = p.conversation_id
     cross join lateral (
       select array_agg(q.participant_id order by q.joined_at, q.participant_id) as people from participants q
       where q.conversation_id = c.id and q.kind = 'human') o
     where p.participant_id = $2 and c.tenant_id = $1 and c.deleted_at is null
     order by c.updated_at desc, c.id`,
    [reader.tenantId, reader.userId],
  );
  return rows;
}

/** Names of people by their ids; whoever is gone has none. */
export async function selectNames(database: Database, ids: string[]): Promise<Person[]> {
  if (ids.length === 0) return [];
  const { rows } = await database.pool.query<Person>("select id, name from users where id = any($1::uuid[])", [ids]);
  return rows;
}

/**
 * Titles of the given conversations in which all words stand, the best first, with what was found marked.
 */
export async function searchTitles(
  database: Database,
  conversations: Pick<SearchableConversation, "id">[],
  words: SearchedWords,
  limit: number,
): Promise<{ id: string; title: string }[]> {
  if (conversations.length === 0) return [];
  const { rows } = await database.pool.query<{ id: string; title: string }>(
    `with wanted as materialized (select ${wanted} as query),
     found as (
       select c.id, c.title, c.updated_at, ts_rank_cd(t.search, wanted.query, 1) as rank
       from wanted, unnest($3::uuid[]) given(id) join conversations c on c.id = given.id
       cross join lateral (select to_tsvector('english', c.title) as search) t
       where t.search @@ wanted.query order by rank desc, c.updated_at desc, c.id limit $4)
     select found.id, ts_headline('english', ${unmarked("found.title")}, wanted.query, ${marks}, HighlightAll=true') as title
     from found, wanted order by rank desc, found.updated_at desc, found.id`,
    [words.whole, words.beginning, conversations.map(({ id }) => id), limit],
  );
  return rows;
}

/**
 * Messages of the given conversations, the best first: by words and by meaning, whichever is asked for, fused by their
 * places in both orders (reciprocal rank, k = 60); the newest first where neither is. Those that lie in the object
 * store are found by what `moved_messages` keeps of them, and ranked with the others.
 *
 * Exact, and only as dear as the given conversations are long: each is one descent of the index (conversation,
 * sequence) in its own partition and one among the moved, and what is found there is compared. `offset 0` keeps the
 * planner from turning that round, to an index over everybody's words; the array of months, known when it plans, leaves
 * the other partitions out.
 */
export async function searchMessageRows(
  database: Database,
  conversations: Pick<SearchableConversation, "id" | "month">[],
  search: MessageSearch,
): Promise<FoundMessageRow[]> {
  if (conversations.length === 0) return [];
  const { words, vector } = search;
  const { rows } = await database.pool.query<FoundMessageRow>(
    `with wanted as materialized (select ${wanted} as query),
     own as materialized (
       select m.id, m.month, m.conversation_id, m.sequence_id, m.role, m.sender_id, m.created_at,
         (select case when numnode(query) > 0 and m.search @@ query then ts_rank_cd(m.search, query, 1) end from wanted)
           as rank,
         1 - (m.embedding <=> $3::vector::halfvec) as nearness
       from unnest($4::uuid[], $5::date[]) given(id, month) cross join lateral (
         (select id, month, conversation_id, sequence_id, role, sender_id, created_at, search, embedding from messages
          where month = given.month and month = any($6::date[]) and conversation_id = given.id
            and status in ('complete', 'stopped') and content <> '' and ${isNarrowed}
          offset 0)
         union all
         (select message_id, null, conversation_id, sequence_id, role, sender_id, created_at, search, embedding
          from moved_messages where conversation_id = given.id and ${isNarrowed}
          offset 0)) m),
     spoken as materialized (
       select id, row_number() over (order by rank desc, created_at desc, id) as place from own where rank is not null),
     nearest as materialized (select max(nearness) as best from own),
     meant as materialized (
       select id, row_number() over (order by nearness desc, created_at desc, id) as place
       from own, nearest where own.nearness >= greatest($10::float8, .75 * nearest.best) order by place limit 100),
     page as materialized (
       select own.*, coalesce(1 / (60 + spoken.place)::float8, 0) + coalesce(1 / (60 + meant.place)::float8, 0) as score
       from own left join spoken using (id) left join meant using (id)
       where spoken.id is not null or meant.id is not null or not $13::boolean
       order by score desc, rank is not null desc, created_at desc, id limit $11 offset $12)
     select page.id, page.conversation_id as "conversationId", page.sequence_id::float8 as "sequenceId", page.role,
       page.sender_id as "senderId", page.created_at as "createdAt", page.rank is not null as "byWords", page.nearness,
       ${excerptOf("m.content", "page.rank is not null")} as snippet
     from wanted, page left join lateral (
       select content from messages where month = page.month and month = any($6::date[]) and id = page.id offset 0) m on true
     order by page.score desc, page.rank is not null desc, page.created_at desc, page.id`,
    [
      words?.whole ?? "",
      words?.beginning ?? "",
      vector && encodeVector(vector),
      conversations.map(({ id }) => id),
      conversations.map(({ month }) => month),
      [...new Set(conversations.map(({ month }) => month))],
      search.from,
      search.until,
      search.senders,
      search.nearness,
      search.limit,
      search.offset,
      words !== null || vector !== null,
    ],
  );
  return rows;
}

/**
 * What is shown of messages whose text was read from the object store: as `searchMessageRows` makes it of the others.
 * @returns texts with marks, in the order of the given ones
 */
export async function excerptsOf(
  database: Database,
  words: SearchedWords | null,
  texts: { content: string; byWords: boolean }[],
): Promise<string[]> {
  if (texts.length === 0) return [];
  const { rows } = await database.pool.query<{ snippet: string }>(
    `with wanted as materialized (select ${wanted} as query)
     select ${excerptOf("t.content", "t.found")} as snippet
     from wanted, unnest($3::text[], $4::boolean[]) with ordinality t(content, found, place) order by place`,
    [
      words?.whole ?? "",
      words?.beginning ?? "",
      texts.map(({ content }) => content),
      texts.map(({ byWords }) => byWords),
    ],
  );
  return rows.map(({ snippet }) => snippet);
}

interface UnembeddedMessage {
  id: string;
  month: string;
  content: string;
  /** An answer's question. */
  question: string | null;
}

// More than a model of 256 tokens can take in.
const embeddedCharacters = 4000;

/**
 * Gives the oldest messages without a vector theirs, at most `limit`, and returns how many there were. Several
 * processes may do so at once: rows that one of them holds are left to it.
 * @param embed vectors of 384 numbers, in the order of the messages
 */
export function embedMessageRows(
  database: Database,
  limit: number,
  embed: (messages: Pick<UnembeddedMessage, "content" | "question">[]) => Promise<ArrayLike<number>[]>,
): Promise<number> {
  const work = async (client: pg.PoolClient) => {
    const { rows } = await client.query<UnembeddedMessage>(
      `with m as materialized (
         select id, month, parent_id, role, content, created_at from messages
         where embedding is null and status in ('complete', 'stopped') and content <> ''
         order by created_at limit $1 ${database.isEmbedded ? "" : "for update skip locked"})
       select m.id, m.month::text, left(m.content, ${embeddedCharacters}) as content,
         left(q.content, ${embeddedCharacters}) as question
       from m left join lateral (
         select content from messages where month = m.month and id = m.parent_id and m.role = 'assistant' offset 0) q on true
       order by m.created_at, m.id`,
      [limit],
    );
    if (rows.length === 0) return 0;
    const vectors = await embed(rows);
    for (const [at, { id, month }] of rows.entries()) {
      const vector = vectors[at];
      if (!vector) throw new Error("a message came back without its vector");
      await client.query(
        "update messages set embedding = $3::vector::halfvec where month = $2 and id = $1 and embedding is null",
        [id, month, encodeVector(vector)],
      );
    }
    return rows.length;
  };
  // The embedded database has one process, and one session that an open transaction would hold up while we compute.
  return database.isEmbedded ? withClient(database, work) : transaction(database, work);
}
