import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { type CollectionRow, storedDocuments } from "#db/index.ts";
import { defineCollection, ingest } from "#ingest/index.ts";
import { HybridRetriever } from "#lib/ask/index.ts";
import { understandQuestion } from "#lib/ask/understand/index.ts";
import type { Deps } from "#lib/deps.ts";
import { type JudgedQuery, readBeirFolder } from "./beir.ts";
import { type Half, halfOf } from "./halves.ts";
import { rankDocuments, scoreRanking } from "./metrics.ts";
import { type Arm, arms, type QueryScores, type Summary, summarise } from "./summary.ts";

export interface Evaluation {
  /** The folder's name. */
  set: string;
  documents: number;
  /** Judged queries of the set, asked or not. */
  judgedQueries: number;
  /** Over all asked queries, and over their `report` half; or over the one half that was asked for. */
  summaries: Summary[];
}

export interface EvaluateOptions {
  folder: string;
  split?: string;
  /** Asks only the queries of one half. */
  half?: Half;
  /** Asks only the first so many queries. */
  limitQueries?: number;
  signal?: AbortSignal;
  onProgress?: (stage: "records" | "queries", done: number, total: number | null) => void;
}

/** Chunks asked for: a document has several, and recall is counted over a hundred documents. */
const chunkLimit = 200;

/**
 * Ingests a BEIR folder and puts its judged queries to retrieval, both by the application's own code.
 * @throws Error naming the file and record when the folder is not whole: figures over a part compare with nothing
 */
export async function evaluate(deps: Deps, options: EvaluateOptions): Promise<Evaluation> {
  const { corpusFile, queries: all } = await readBeirFolder(options.folder, options.split);
  const queries = all
    .filter(({ id }) => options.half === undefined || halfOf(id) === options.half)
    .slice(0, options.limitQueries);
  if (queries.length === 0) throw new Error(`${options.folder} has no query in its ${options.half} half.`);
  const collection = await ingestCorpus(deps, corpusFile, options);
  const judged = [...new Set(queries.flatMap(({ gains }) => [...gains.keys()]))];
  const stored = await storedDocuments(deps.database, collection.id, judged);
  if (stored.size === 0) throw new Error(`None of the judged documents stands in ${corpusFile}.`);
  const scored = await askAll(deps, collection, queries, options);
  const reported = scored.filter(({ id }) => halfOf(id) === "report");
  const summaries =
    options.half !== undefined
      ? [summarise(`${options.half} half`, scored)]
      : [summarise("all", scored), ...(reported.length > 0 ? [summarise("report half", reported)] : [])];
  return {
    set: basename(resolve(options.folder)),
    documents: collection.documentCount,
    judgedQueries: all.length,
    summaries,
  };
}

async function askAll(
  deps: Deps,
  collection: CollectionRow,
  queries: JudgedQuery[],
  { signal, onProgress }: EvaluateOptions,
): Promise<QueryScores[]> {
  const retrieverOf = (arm: Arm) =>
    new HybridRetriever({
      database: deps.database,
      collections: [collection],
      embeddingsOf: deps.embeddingsOf,
      limit: chunkLimit,
      arms: arm === "understood" ? "hybrid" : arm,
    });
  const retrievers = arms.map((arm) => ({ arm, retriever: retrieverOf(arm) }));
  const scored: QueryScores[] = [];
  for (const { id, text, gains } of queries) {
    signal?.throwIfAborted();
    const { searchText } = await understandQuestion(deps, {
      question: text,
      earlierQuestions: [],
      collections: [collection],
      signal,
    });
    const scores: Partial<QueryScores["scores"]> = {};
    for (const { arm, retriever } of retrievers) {
      if (arm === "understood" && searchText === text && scores.hybrid) {
        scores.understood = scores.hybrid;
        continue;
      }
      const { chunks } = await retriever.search(arm === "understood" ? searchText : text);
      scores[arm] = scoreRanking(rankDocuments(chunks, id, gains), gains);
    }
    scored.push({ id, scores: scores as QueryScores["scores"] });
    onProgress?.("queries", scored.length, queries.length);
  }
  return scored;
}

async function ingestCorpus(deps: Deps, corpusFile: string, options: EvaluateOptions): Promise<CollectionRow> {
  // A kept database may hold several corpora, each in a collection of its own.
  const slug = `evaluation_${createHash("sha256").update(resolve(corpusFile)).digest("hex").slice(0, 12)}`;
  const failures: string[] = [];
  const { read, failed } = await ingest(deps, {
    collection: await defineCollection(deps, slug, "beir"),
    request: { kind: "files", paths: [corpusFile] },
    ...(options.signal && { signal: options.signal }),
    onFailure: ({ position, reason }) => {
      if (failures.length < 5) failures.push(`  ${position.file}, line ${position.record ?? "?"}: ${reason}`);
    },
    onProgress: (counts) => options.onProgress?.("records", counts.read, null),
  });
  if (failed > 0) throw new Error(`${failed} records of the corpus cannot be read:\n${failures.join("\n")}`);
  const collection = await defineCollection(deps, slug);
  if (collection.documentCount !== read) {
    throw new Error(
      `${corpusFile} has ${read} lines, but the database holds ${collection.documentCount} documents: an id comes ` +
        "twice, or a kept database was filled from an earlier state of the file.",
    );
  }
  return collection;
}
