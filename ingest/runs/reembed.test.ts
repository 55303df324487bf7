import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { activateSpace, type CollectionRow, findCollection, insertRun, listSpaces, retrieve } from "#db/index.ts";
import { makeCollection } from "#db/testing/corpus.ts";
import { readEnv } from "#lib/env.ts";
import { type ObjectStore, openObjectStore } from "#lib/storage/objects/index.ts";
import { describeDatabases } from "#lib/testing/databases.ts";
import { HashedEmbeddings } from "#lib/testing/deps.ts";
import { ingest } from "./ingest.ts";
import { executeRun } from "./run.ts";
import type { RunDeps, RunOptions } from "./types.ts";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) =>
    JSON.stringify({ _id: `d${from + at}`, title: `Trial ${from + at}`, text: `Remedy${from + at} eased the pain.` }),
  ).join("\n");

/**
 * A direction of its own for every text. Vectors of hashed words lie at a few equal distances from each other, and of
 * such points an HNSW graph may leave some where no search comes by.
 */
class SpreadEmbeddings extends HashedEmbeddings {
  override embedVectors = async (texts: string[]): Promise<Float32Array[]> =>
    texts.map((text) => {
      const random = randomNumbers(createHash("sha256").update(text).digest().readUInt32BE());
      const vector = Float32Array.from({ length: this.dimensions }, () => random() - 0.5);
      const length = Math.hypot(...vector);
      return vector.map((value) => value / length);
    });
}

/** Numbers in [0, 1) from a seed: the minimal standard generator (Park & Miller 1988). */
function randomNumbers(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

let folder: string;
let objects: ObjectStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "probatum-reembed-"));
  objects = await openObjectStore(join(folder, "objects"));
  await objects.ensureBucket();
});
afterAll(async () => {
  await objects.close();
  await rm(folder, { recursive: true, force: true });
});

describeDatabases("another embedding of a collection", (open) => {
  const depsOf = async (change: Partial<RunDeps> = {}): Promise<RunDeps> => ({
    database: (await open()).database,
    objects,
    embeddingsOf: async ({ embeddingDimensions }) => new SpreadEmbeddings(embeddingDimensions),
    log: pino({ level: "silent" }),
    env: readEnv({ DATA_DIR: folder }),
    ...change,
  });
  async function filled(count: number): Promise<CollectionRow> {
    const { database } = await open();
    const collection = await makeCollection(database, { embeddingDimensions: 384 });
    await take(collection, lines(0, count));
    return (await findCollection(database, null, collection.slug)) as CollectionRow;
  }
  async function take(collection: CollectionRow, content: string) {
    const path = join(folder, "corpus.jsonl");
    await writeFile(path, content);
    return ingest(await depsOf(), { collection, request: { kind: "files", paths: [path] } });
  }
  const embedRun = async ({ id }: CollectionRow, dimensions = 512) =>
    insertRun((await open()).database, {
      collectionId: id,
      kind: "embed",
      request: { provider: "test", model: "wider", dimensions },
      trigger: "command",
    });
  const current = async ({ slug }: CollectionRow) =>
    (await findCollection((await open()).database, null, slug)) as CollectionRow;
  async function best(collection: CollectionRow, text: string): Promise<string | undefined> {
    const [vector] = await new SpreadEmbeddings(collection.embeddingDimensions).embedVectors([text]);
    const found = await retrieve((await open()).database, {
      question: text,
      collections: [{ collection, vector: vector as Float32Array }],
      configs: ["english"],
      limit: 1,
      arms: "dense",
    });
    return found.chunks[0]?.sourceId;
  }

  test("a run fills it from stored text, checks it and swaps it in; the old one can come back", async () => {
    const { database } = await open();
    const before = await filled(100);
    const run = await executeRun(await depsOf(), await embedRun(before));
    expect(run).toMatchObject({ status: "complete", chunks: 100, error: null });
    const after = await current(before);
    expect(after).toMatchObject({ embeddingDimensions: 512, embeddingModel: "wider" });
    expect(await best(after, "Trial 33\nRemedy33 eased the pain.")).toBe("d33");
    const spaces = await listSpaces(database, before.id);
    expect(spaces.map(({ state, dimensions }) => [state, dimensions])).toEqual([
      ["active", 512],
      ["retired", 384],
    ]);
    expect(spaces[0]?.recall).toBeGreaterThanOrEqual(0.95);
    // The same records again are unchanged: a document is not another one for being embedded otherwise.
    expect(await take(after, lines(0, 100))).toMatchObject({ unchanged: 100, updated: 0 });
    expect(await activateSpace(database, before.spaceId)).toBe(0);
    expect(await best(await current(before), "Trial 33\nRemedy33 eased the pain.")).toBe("d33");
  });

  test("an interrupted one goes on with what is missing, and serves nobody before it is whole", async () => {
    const before = await filled(600);
    const runId = await embedRun(before);
    let texts = 0;
    const counting = (fails: boolean): Partial<RunDeps> => ({
      embeddingsOf: async ({ embeddingDimensions }) => {
        const embeddings = new SpreadEmbeddings(embeddingDimensions);
        const { embedVectors } = embeddings;
        embeddings.embedVectors = async (given: string[]) => {
          if (fails && texts > 0) throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
          texts += given.length;
          return embedVectors(given);
        };
        return embeddings;
      },
    });
    const impatient: RunOptions = { patience: { limitMs: 20, initialDelayMs: 1, maxDelayMs: 2 } };
    const first = await executeRun(await depsOf(counting(true)), runId, impatient);
    expect(first).toMatchObject({ status: "interrupted", error: "connect" });
    expect((await current(before)).spaceId).toBe(before.spaceId);
    const made = texts;
    expect(made).toBeGreaterThan(0);
    const second = await executeRun(await depsOf(counting(false)), runId);
    expect(second).toMatchObject({ status: "complete", attempts: 2 });
    expect(texts).toBe(600); // none twice
    expect((await current(before)).embeddingDimensions).toBe(512);
  });

  test("what comes after the swap goes into the new space", async () => {
    const before = await filled(60);
    expect(await executeRun(await depsOf(), await embedRun(before))).toMatchObject({ status: "complete" });
    expect(await take(await current(before), lines(60, 80))).toMatchObject({ added: 20, reused: 0 });
    expect(await best(await current(before), "Trial 70\nRemedy70 eased the pain.")).toBe("d70");
  });

  test("a model that gives vectors of another size is refused, and the old space goes on", async () => {
    const before = await filled(5);
    const wrong: Partial<RunDeps> = { embeddingsOf: async () => new SpreadEmbeddings(100) };
    const run = await executeRun(await depsOf(wrong), await embedRun(before));
    expect(run).toMatchObject({ status: "failed", error: expect.stringMatching(/dimensions/) });
    expect(await current(before)).toMatchObject({ spaceId: before.spaceId, embeddingDimensions: 384 });
    expect(await best(before, "Trial 3\nRemedy3 eased the pain.")).toBe("d3");
  });

  test("near-identical labels that come one after another are known for one", async () => {
    const { database } = await open();
    const collection = await makeCollection(database, { embeddingDimensions: 384, sourceType: "drug_label" });
    const words = (seed: number) => Array.from({ length: 400 }, (_, at) => `word${(at * seed) % 397}`).join(" ");
    const label = (id: string, text: string) => JSON.stringify({ _id: id, title: `Label ${id}`, text });
    await take(collection, [label("one", words(7)), label("other", words(11))].join("\n"));
    await take(collection, label("again", `${words(7)} Repackaged by another.`));
    const { rows } = await database.pool.query<{ source_id: string; cluster_id: string | null }>(
      "select source_id, cluster_id from documents where collection_id = $1 order by id",
      [collection.id],
    );
    const [one, other, again] = rows;
    expect(one?.cluster_id).not.toBeNull();
    expect(again).toEqual({ source_id: "again", cluster_id: one?.cluster_id });
    expect(other?.cluster_id).toBeNull();
  });
});
