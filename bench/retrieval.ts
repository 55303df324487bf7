import { retrievalStatement } from "#db/index.ts";
import { HybridRetriever } from "#lib/ask/index.ts";
import type { Deps } from "#lib/deps.ts";
import { defaultEmbedding } from "#lib/embeddings/index.ts";
import { ingestGenerated } from "./corpus.ts";
import { type BenchRow, interleave, kindOf, rowOf, timed } from "./measure.ts";
import { PreparedEmbeddings } from "./prepared-embeddings.ts";
import { generateDocuments, generateVectors } from "./text.ts";

const seed = 30;
const chunkCount = 1500;
const queryCount = 60;
const limit = 30;

/** A whole search but for the embedding, over its one statement sent by the driver alone. */
export async function retrievalAgainstStatement(deps: Deps, signal?: AbortSignal): Promise<BenchRow> {
  const { dimensions } = defaultEmbedding;
  const stored = new PreparedEmbeddings(generateVectors(chunkCount, dimensions, seed));
  const filling = { ...deps, embeddingsOf: async () => stored };
  const documents = generateDocuments(chunkCount, seed);
  const { collection } = await ingestGenerated(filling, "bench_retrieval", documents);
  const questions = generateDocuments(queryCount, seed + 1).map(({ title }) => title);
  const vectors = generateVectors(queryCount, dimensions, seed);
  const searches = questions.map((question, at) => {
    const vector = vectors[at] as Float32Array;
    const embeddings = new PreparedEmbeddings([vector]);
    const { database } = deps;
    const retriever = new HybridRetriever({
      database,
      collections: [collection],
      embeddingsOf: async () => embeddings,
      limit,
    });
    const request = { question, collections: [{ collection, vector }], configs: ["english"], limit };
    const statement = retrievalStatement(request);
    return {
      value: () => timed(() => retriever.search(question)),
      baseline: () => timed(() => database.pool.query(statement)),
    };
  });
  for (const { value, baseline } of searches.slice(0, 5)) await Promise.all([value(), baseline()]);
  const medians = await interleave({
    rounds: queryCount * 4,
    signal,
    value: (round) => (searches[round % queryCount] as (typeof searches)[number]).value(),
    baseline: (round) => (searches[round % queryCount] as (typeof searches)[number]).baseline(),
  });
  return rowOf("retrieval against the bare SQL", "ms", kindOf(deps.database), medians);
}
