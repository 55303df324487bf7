import type pg from "pg";
import { type CollectionRow, type Database, type Retrieval, type RetrievalRequest, retrieve } from "#db/index.ts";
import { spaceTables } from "#db/queries/space-tables.ts";
import { encodeVector } from "#db/queries/vectors.ts";
import { growthCollection, growthDimensions } from "./growth-corpus.ts";
import { openGrowthDatabase } from "./growth-database.ts";
import { drawSentence, naturalText, naturalVectors } from "./growth-text.ts";
import { type BenchRow, interleave, rowOf, timed } from "./measure.ts";

const smallChunks = 10_000;
const limit = 30;
const rounds = 200;
const comparedQuestions = 60;
const seed = 905;

export interface GrowthQuestion {
  question: string;
  vector: Float32Array;
}

/**
 * What a search costs as the corpus grows: hybrid over a large collection against a small one and against the vectors
 * alone, and what is lost against exact search, by vectors and by words.
 */
export async function growth(serverUrl: string | undefined, chunks: number, signal?: AbortSignal): Promise<BenchRow[]> {
  const database = await openGrowthDatabase(serverUrl);
  try {
    const small = await growthCollection(database, smallChunks, signal);
    const large = await growthCollection(database, chunks, signal);
    const questions = growthQuestions(rounds);
    for (const collection of [small, large]) {
      for (const question of questions) await find(database, collection, question); // caches hold what is asked for
    }
    const at = (round: number) => questions[round % questions.length] as GrowthQuestion;
    const time = (collection: CollectionRow, arms?: RetrievalRequest["arms"]) => (round: number) =>
      timed(() => find(database, collection, at(round), { ...(arms && { arms }) }));
    const grown = await interleave({ rounds, signal, value: time(large), baseline: time(small) });
    const hybrid = await interleave({ rounds, signal, value: time(large), baseline: time(large, "dense") });
    const compared = questions.slice(0, comparedQuestions);
    return [
      rowOf(`hybrid at ${chunks} chunks against ${smallChunks}`, "ms", "postgres", grown),
      rowOf(`hybrid against vectors alone at ${chunks} chunks`, "ms", "postgres", hybrid),
      await vectorRecall(database, large, compared, signal),
      ...(await lexicalOverlap(database, large, compared, signal)),
    ];
  } finally {
    await database.close();
  }
}

/** Questions of 6 to 12 words drawn like the text's, each with a vector about one of its subjects. */
export function growthQuestions(count: number): GrowthQuestion[] {
  const text = naturalText(seed);
  const vectors = naturalVectors(growthDimensions, seed);
  return Array.from({ length: count }, () => ({
    question: drawSentence(text, 6 + Math.floor(text.random() * 7)),
    vector: vectors.next().vector,
  }));
}

export function find(
  database: Database,
  collection: CollectionRow,
  { question, vector }: GrowthQuestion,
  change: Partial<RetrievalRequest> = {},
): Promise<Retrieval> {
  return retrieve(database, {
    question,
    collections: [{ collection, vector }],
    configs: ["english"],
    limit,
    ...change,
  });
}

/**
 * Ids of the chunks nearest to a vector, by reading all that the condition on chunk `c` and document `d` leaves.
 * @param condition SQL; always true when not given
 */
export async function exactNearest(
  database: { pool: Pick<pg.Pool, "query"> },
  collection: CollectionRow,
  vector: Float32Array,
  count: number,
  condition?: string,
): Promise<string[]> {
  // An expression that no index has: every row is read.
  const { rows } = await database.pool.query<{ id: string }>(
    `select v.chunk_id::text as id from ${spaceTables(collection.spaceId).main} v
     ${condition ? `join chunks c on c.collection_id = ${collection.id} and c.id = v.chunk_id join documents d on d.id = c.document_id where ${condition}` : ""}
     order by (v.embedding <=> $1::vector) + 0, v.chunk_id limit $2`,
    [encodeVector(vector), count],
  );
  return rows.map(({ id }) => id);
}

/** Share of the exact ones among the found. */
export function overlap(found: string[], exact: string[]): number {
  const those = new Set(found);
  return exact.length === 0 ? 1 : exact.filter((id) => those.has(id)).length / exact.length;
}

export const idsOf = ({ chunks }: Retrieval, count: number) => chunks.slice(0, count).map(({ chunkId }) => chunkId);

export const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

export function shareRow(name: string, unit: string, share: number): BenchRow {
  return rowOf(name, unit, "postgres", { value: share, baseline: 1 });
}

async function vectorRecall(
  database: Database,
  collection: CollectionRow,
  questions: GrowthQuestion[],
  signal?: AbortSignal,
): Promise<BenchRow> {
  const recalls: number[] = [];
  for (const question of questions) {
    signal?.throwIfAborted();
    const found = await find(database, collection, question, { arms: "dense" });
    recalls.push(overlap(idsOf(found, 10), await exactNearest(database, collection, question.vector, 10)));
  }
  return shareRow(`vectors found at ${collection.chunkCount} chunks against exact search`, "recall@10", mean(recalls));
}

async function lexicalOverlap(
  database: Database,
  collection: CollectionRow,
  questions: GrowthQuestion[],
  signal?: AbortSignal,
): Promise<BenchRow[]> {
  const overlaps: Record<number, number[]> = { 10: [], 50: [] };
  let provenExact = 0;
  for (const question of questions) {
    signal?.throwIfAborted();
    const bounded = await find(database, collection, question, { arms: "lexical", limit: 50 });
    const lexicalBudget = Number.POSITIVE_INFINITY;
    const exact = await find(database, collection, question, { arms: "lexical", limit: 50, lexicalBudget });
    for (const [depth, shares] of Object.entries(overlaps)) {
      shares.push(overlap(idsOf(bounded, Number(depth)), idsOf(exact, Number(depth))));
    }
    if (bounded.lexicalExact) provenExact += 1;
  }
  const proven = `${Math.round((100 * provenExact) / questions.length)} % known to be exact`;
  return Object.entries(overlaps).map(([depth, shares]) =>
    shareRow(`BM25 within its budget against exact BM25 (${proven})`, `of the best ${depth}`, mean(shares)),
  );
}
