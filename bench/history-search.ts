import { type Database, type Reader, searchMessageRows, selectSearchable } from "#db/index.ts";
import { searchedUsers } from "./history-database.ts";
import { type BenchRow, interleaveAll, percentile, rowOf, timed } from "./measure.ts";

const rounds = 100;
const limit = 21;

interface Searcher extends Reader {
  words: string[];
  vector: number[];
}

/** Searches of one's own 2,000 to 5,000 messages among everybody's, by words against by meaning, as the search box does. */
export async function searchRows(database: Database, messages: number, signal?: AbortSignal): Promise<BenchRow[]> {
  const searchers = await searchersOf(database);
  const search = (by: "words" | "meaning") => (round: number) => {
    const searcher = searchers[round % searchers.length] as Searcher;
    return timed(() => searchOwn(database, searcher, by, round));
  };
  for (let round = 0; round < searchers.length; round += 1) await search("meaning")(round); // connections are open
  const { values, baselines } = await interleaveAll({
    rounds,
    signal,
    value: search("words"),
    baseline: search("meaning"),
  });
  const name = `one's own history of thousands among ${messages} messages, by words against by meaning`;
  return [0.5, 0.95].map((share) =>
    rowOf(`${name}: p${100 * share}`, "ms", "postgres", {
      value: percentile(values, share),
      baseline: percentile(baselines, share),
    }),
  );
}

async function searchOwn(database: Database, searcher: Searcher, by: "words" | "meaning", round: number) {
  const conversations = await selectSearchable(database, searcher);
  const word = searcher.words[round % searcher.words.length] ?? "";
  await searchMessageRows(database, conversations, {
    words: by === "words" ? { whole: word, beginning: "" } : null,
    vector: by === "meaning" ? searcher.vector : null,
    nearness: 0.32,
    from: null,
    until: null,
    senders: null,
    limit,
    offset: 0,
  });
}

/** Those with vectors, each with words and a vector from messages of their own. */
async function searchersOf(database: Database): Promise<Searcher[]> {
  const { rows } = await database.pool.query<Omit<Searcher, "words" | "vector"> & { content: string; vector: string }>(
    `select p.tenant_id as "tenantId", p.id as "userId", m.content, m.embedding::text as vector
     from made.people p cross join lateral (
       select content, embedding from conversations c join messages m on m.month = c.month and m.conversation_id = c.id
       where c.owner_id = p.id and m.embedding is not null and m.role = 'assistant' limit 1) m
     where p.n < $1`,
    [searchedUsers],
  );
  return rows.map(({ content, vector, ...reader }) => ({
    ...reader,
    words: content
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => word.length > 5),
    vector: JSON.parse(vector) as number[],
  }));
}
