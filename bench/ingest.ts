import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { Document } from "@langchain/core/documents";
import pg from "pg";
import { dropCollection } from "#db/index.ts";
import type { Deps } from "#lib/deps.ts";
import type { VectorEmbeddings } from "#lib/embeddings/index.ts";
import { defaultEmbedding, defaultSpace } from "#lib/embeddings/index.ts";
import { ingestGenerated } from "./corpus.ts";
import { type BenchRow, interleave, kindOf, rowOf, timed } from "./measure.ts";
import { PreparedEmbeddings } from "./prepared-embeddings.ts";
import { type GeneratedDocument, generateDocuments, generateVectors } from "./text.ts";

const seed = 20;
const embeddedChunks = 96;
const preparedChunks = 768;
const wholeIngestChunks = 1_024;

/** Chunks a second of the application's ingest over those of LangChain's PGVectorStore.addDocuments. */
export async function ingestWithEmbedding(deps: Deps, signal?: AbortSignal): Promise<BenchRow> {
  const embeddings = await deps.embeddingsOf(defaultSpace);
  await embeddings.warm();
  const documents = generateDocuments(embeddedChunks, seed);
  const name = "ingest against PGVectorStore.addDocuments, same embedder";
  return compareIngest({ deps, name, documents, embeddings, baselineIndex: true, rounds: 3, signal });
}

/** Chunks a second of a whole ingest with the local model over those of the same texts through the embedder alone. */
export async function ingestAgainstEmbedder(deps: Deps, signal?: AbortSignal): Promise<BenchRow> {
  const embeddings = await deps.embeddingsOf(defaultSpace);
  const documents = generateDocuments(wholeIngestChunks, seed);
  const texts = documents.map(({ title, text }) => `${title}\n${text}`);
  await embeddings.embedVectors(texts.slice(0, 64)); // its processes are running
  const medians = await interleave({
    rounds: 3,
    signal,
    value: async (round) => {
      const { collection, chunksPerSecond } = await ingestGenerated(deps, `bench_whole_${round}`, documents);
      await dropCollection(deps.database, collection.id);
      return chunksPerSecond;
    },
    baseline: async () => (1000 * texts.length) / (await timed(() => embeddings.embedVectors(texts))),
  });
  return rowOf("whole ingest against the local embedder alone", "chunks/s", kindOf(deps.database), medians);
}

/** The same with vectors made beforehand; the baseline's table has an HNSW index, as ours has. */
export async function ingestWithoutEmbedding(deps: Deps, signal?: AbortSignal): Promise<BenchRow> {
  const name = "ingest against PGVectorStore.addDocuments, without embedding";
  return compareIngest({ deps, name, ...prepared(), baselineIndex: true, rounds: 5, signal });
}

/** The same against a baseline without any index: it keeps text and vector, and finds nothing but by reading all. */
export async function ingestAgainstUnindexed(deps: Deps, signal?: AbortSignal): Promise<BenchRow> {
  const name = "ingest against PGVectorStore.addDocuments, without embedding, baseline without an index";
  return compareIngest({ deps, name, ...prepared(), baselineIndex: false, rounds: 5, signal });
}

function prepared() {
  return {
    documents: generateDocuments(preparedChunks, seed),
    embeddings: new PreparedEmbeddings(generateVectors(preparedChunks, defaultEmbedding.dimensions, seed)),
  };
}

interface IngestComparison {
  deps: Deps;
  name: string;
  documents: GeneratedDocument[];
  embeddings: VectorEmbeddings;
  baselineIndex: boolean;
  rounds: number;
  signal: AbortSignal | undefined;
}

async function compareIngest({ deps, name, documents, embeddings, baselineIndex, rounds, signal }: IngestComparison) {
  const own = { ...deps, embeddingsOf: async () => embeddings };
  const medians = await interleave({
    rounds,
    signal,
    value: async (round) => {
      const { collection, chunksPerSecond } = await ingestGenerated(own, `bench_ingest_${round}`, documents);
      await dropCollection(deps.database, collection.id);
      return chunksPerSecond;
    },
    baseline: (round) => addDocuments(deps, embeddings, documents, { table: `baseline_${round}`, baselineIndex }),
  });
  return rowOf(name, "chunks/s", kindOf(deps.database), medians);
}

async function addDocuments(
  deps: Deps,
  embeddings: VectorEmbeddings,
  documents: GeneratedDocument[],
  { table, baselineIndex }: { table: string; baselineIndex: boolean },
): Promise<number> {
  const pool = new pg.Pool({ connectionString: deps.databaseUrl });
  try {
    const store = await PGVectorStore.initialize(embeddings, { pool, tableName: table, distanceStrategy: "cosine" });
    try {
      if (baselineIndex) {
        const { dimensions } = defaultEmbedding;
        await store.createHnswIndex({ dimensions, m: 16, efConstruction: 100, namespace: table });
      }
      // The same words go through the embedder on both sides.
      const texts = documents.map(({ _id, title, text }) => {
        return new Document({ pageContent: `${title}\n${text}`, metadata: { sourceId: _id, title } });
      });
      const started = performance.now();
      await store.addDocuments(texts);
      const seconds = (performance.now() - started) / 1000;
      const { rows } = await pool.query(`select count(*)::int as stored from ${table}`);
      if (rows[0]?.stored !== documents.length) throw new Error(`the baseline stored ${rows[0]?.stored} rows`);
      return documents.length / seconds;
    } finally {
      store.client?.release();
      await pool.query(`drop table if exists ${table}`);
    }
  } finally {
    await pool.end();
  }
}
