import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { type CollectionRow, storedDocuments } from "#db/index.ts";
import { defineCollection, ingest } from "#ingest/index.ts";
import { HybridRetriever } from "#lib/ask/index.ts";
import type { Deps } from "#lib/deps.ts";
import { readBeirFolder } from "./beir.ts";
import { meanScores, type RetrievalScores, rankDocuments, scoreRanking } from "./metrics.ts";

export const arms = ["lexical", "dense", "hybrid"] as const;
export type Arm = (typeof arms)[number];

export type Evaluation = { documents: number; queries: number } & Record<Arm, RetrievalScores>;

export interface EvaluateOptions {
  folder: string;
  split?: string;
  /** Evaluates only the first so many queries. */
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
  const queries = all.slice(0, options.limitQueries);
  const collection = await ingestCorpus(deps, corpusFile, options);
  const judged = [...new Set(queries.flatMap(({ gains }) => [...gains.keys()]))];
  const stored = await storedDocuments(deps.database, collection.id, judged);
  if (stored.size === 0) throw new Error(`None of the judged documents stands in ${corpusFile}.`);
  const scores: Record<Arm, RetrievalScores[]> = { lexical: [], dense: [], hybrid: [] };
  const retrievers = arms.map((arm) => ({
    arm,
    retriever: new HybridRetriever({
      database: deps.database,
      collections: [collection],
      embeddingsOf: deps.embeddingsOf,
      limit: chunkLimit,
      arms: arm,
    }),
  }));
  for (const [index, query] of queries.entries()) {
    options.signal?.throwIfAborted();
    for (const { arm, retriever } of retrievers) {
      const { chunks } = await retriever.search(query.text);
      scores[arm].push(scoreRanking(rankDocuments(chunks, query.id, query.gains), query.gains));
    }
    options.onProgress?.("queries", index + 1, queries.length);
  }
  return {
    documents: collection.documentCount,
    queries: queries.length,
    lexical: meanScores(scores.lexical),
    dense: meanScores(scores.dense),
    hybrid: meanScores(scores.hybrid),
  };
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
