import { setTimeout as wait } from "node:timers/promises";
import {
  type CollectionRow,
  countVectors,
  dropCollection,
  ensureCollection,
  listSpaces,
  mergeTail,
  retrieve,
  type SpaceRow,
  writeDocuments,
  writeVectors,
} from "#db/index.ts";
import { makeDocument } from "#db/testing/corpus.ts";
import type { Deps } from "#lib/deps.ts";
import { openBaselineStore } from "./baseline-store.ts";
import { type BenchRow, interleave, kindOf, median, rowOf, timed } from "./measure.ts";
import { generateVectors } from "./text.ts";

const seed = 21;
const atOnce = 1_000;

/** Ready vectors a second written where no index has to be kept, against PGVectorStore.addVectors without an index. */
export async function readyVectors(deps: Deps, dimensions: number, signal?: AbortSignal): Promise<BenchRow> {
  const count = dimensions > 1_000 ? 4_000 : 10_000;
  const made = generateVectors(count, dimensions, seed);
  const arrays = made.map((vector) => [...vector]);
  const { collection, space, ids } = await chunksWithoutVectors(deps, `ready_${dimensions}`, dimensions, count);
  const vectors = ids.map((id, at) => ({ id, embedding: made[at] as Float32Array }));
  try {
    const medians = await interleave({
      rounds: 5,
      signal,
      value: async () => {
        const milliseconds = await timed(() => writeAll(deps, space, vectors));
        await expectVectors(deps, space, count);
        await removeVectors(deps, space);
        return (1000 * count) / milliseconds;
      },
      baseline: async (round) => {
        const store = await openBaselineStore(deps.databaseUrl, `baseline_ready_${dimensions}_${round}`, dimensions);
        try {
          return (1000 * count) / (await timed(() => store.addVectors(arrays)));
        } finally {
          await store.close();
        }
      },
    });
    const name = `ready vectors of ${dimensions} dimensions against PGVectorStore.addVectors, neither with an index`;
    return rowOf(name, "vectors/s", kindOf(deps.database), medians);
  } finally {
    await dropCollection(deps.database, collection.id);
  }
}

const indexed = 5_000;
const loaded = 50_000;
const addedLive = 1_000;
/** Milliseconds between two searches while the load runs. */
const searchPause = 1_000;

/**
 * Ready vectors a second loaded into a collection that has an index, the index over all of them included, against
 * PGVectorStore.addVectors into a living index of the same size; searches are served all the while.
 */
export async function bulkLoad(deps: Deps, signal?: AbortSignal): Promise<BenchRow> {
  const dimensions = 384;
  const made = generateVectors(indexed + loaded, dimensions, seed);
  const searches: number[] = [];
  const medians = await interleave({
    rounds: 3,
    signal,
    value: async (round) => {
      const { collection, space, ids } = await chunksWithoutVectors(
        deps,
        `bulk_${round}`,
        dimensions,
        indexed + loaded,
      );
      const vectors = ids.map((id, at) => ({ id, embedding: made[at] as Float32Array }));
      try {
        await writeAll(deps, space, vectors.slice(0, indexed));
        await mergeTail(deps.database, space.id);
        const searching = searchMeanwhile(deps, collection, made);
        const milliseconds = await timed(async () => {
          await writeAll(deps, space, vectors.slice(indexed));
          await mergeTail(deps.database, space.id);
        });
        searches.push(...(await searching.stop()));
        const counts = await countVectors(deps.database.pool, space);
        if (counts.main !== indexed + loaded) throw new Error(`${counts.main} vectors are under the index`);
        return (1000 * loaded) / milliseconds;
      } finally {
        await dropCollection(deps.database, collection.id);
      }
    },
    baseline: async (round) => {
      const store = await openBaselineStore(deps.databaseUrl, `baseline_bulk_${round}`, dimensions);
      try {
        await store.addVectors(arraysOf(made.slice(0, indexed)));
        await store.createIndex();
        const added = arraysOf(made.slice(indexed, indexed + addedLive));
        return (1000 * addedLive) / (await timed(() => store.addVectors(added)));
      } finally {
        await store.close();
      }
    },
  });
  const name =
    `bulk load of ${loaded} vectors, index included, against PGVectorStore.addVectors into a living index ` +
    `(${searches.length} searches meanwhile, median ${Math.round(median(searches))} ms)`;
  return rowOf(name, "vectors/s", kindOf(deps.database), medians);
}

function arraysOf(vectors: Float32Array[]): number[][] {
  return vectors.map((vector) => [...vector]);
}

async function writeAll(deps: Deps, space: SpaceRow, vectors: { id: string; embedding: Float32Array }[]) {
  for (let from = 0; from < vectors.length; from += atOnce) {
    await writeVectors(deps.database, space, vectors.slice(from, from + atOnce));
  }
}

/** A collection whose chunks have lost their vectors, ready to be given them. */
async function chunksWithoutVectors(deps: Deps, slug: string, dimensions: number, count: number) {
  const collection = await ensureCollection(deps.database, {
    slug: `bench_${slug}`,
    title: "Vectors",
    description: "",
    sourceType: "beir",
    embeddingProvider: "bench",
    embeddingModel: "prepared",
    embeddingDimensions: dimensions,
    chunkSettings: {},
  });
  const nothing = new Float32Array(dimensions).fill(1);
  const documents = Array.from({ length: count / 500 }, (_, at) => {
    const texts = Array.from({ length: 500 }, (_unused, within) => `passage ${at} ${within}`);
    return makeDocument(`d${at}`, texts, { embedding: () => nothing as unknown as number[] });
  });
  for (const document of documents) await writeDocuments(deps.database, collection, [document]);
  const space = (await listSpaces(deps.database, collection.id))[0] as SpaceRow;
  await removeVectors(deps, space);
  const { rows } = await deps.database.pool.query<{ id: string }>(
    "select id::text from chunks where collection_id = $1 order by id",
    [collection.id],
  );
  return { collection, space, ids: rows.map(({ id }) => id) };
}

async function removeVectors(deps: Deps, { id }: SpaceRow): Promise<void> {
  await deps.database.pool.query(`truncate vectors_${Number(id)}, vectors_${Number(id)}_tail`);
  await deps.database.pool.query("update embedding_spaces set tail_count = 0 where id = $1", [id]);
}

async function expectVectors(deps: Deps, space: SpaceRow, count: number): Promise<void> {
  const { tail } = await countVectors(deps.database.pool, space);
  if (tail !== count) throw new Error(`${tail} of ${count} vectors were written`);
}

/** Asks for the ten nearest, again and again, until it is stopped. @returns each search's milliseconds */
function searchMeanwhile(deps: Deps, collection: CollectionRow, vectors: Float32Array[]) {
  let isStopped = false;
  const took: number[] = [];
  const searching = (async () => {
    while (!isStopped) {
      const vector = vectors[took.length % indexed] as Float32Array;
      const milliseconds = await timed(async () => {
        const { chunks } = await retrieve(deps.database, {
          question: "passage",
          collections: [{ collection, vector }],
          configs: ["english"],
          limit: 10,
          arms: "dense",
        });
        if (chunks.length !== 10) throw new Error(`a search found ${chunks.length} of 10`);
      });
      took.push(milliseconds);
      await wait(searchPause);
    }
  })();
  return {
    stop: async () => {
      isStopped = true;
      await searching;
      return took;
    },
  };
}
