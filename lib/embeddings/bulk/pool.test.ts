import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { defaultEmbedding } from "../index.ts";
import { loadLocalModel } from "../local.ts";
import { OnnxEmbeddings } from "../onnx-embeddings.ts";
import type { OnnxModel, OnnxModelOptions } from "../onnx-model.ts";
import { cosine } from "../vectors.ts";
import { BulkPool } from "./pool.ts";

const words =
  "fever in small children is treated with rest and fluids while kidneys lungs heart and liver are watched".split(" ");
/** Texts of 1 to 60 words, no two the same. */
const texts = Array.from({ length: 40 }, (_, index) =>
  Array.from({ length: 1 + ((index * 23) % 60) }, (_, place) => words[(index * 7 + place) % words.length])
    .join(" ")
    .concat(` ${index}`),
);

const pools: BulkPool[] = [];
const opened = (pool: BulkPool) => {
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe("bulk embedding by the local model", () => {
  let directory: string;
  let model: OnnxModel;
  const pool = (size: number) => opened(new BulkPool({ model: { ...model.options, threads: 1 }, size }));
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "models-"));
    model = await loadLocalModel({ directory, dtype: "q8" });
  });
  afterAll(async () => {
    await model?.close();
    await rm(directory, { recursive: true });
  });

  it("gives the vectors of the same texts in the caller's process, in the order of the texts", async () => {
    expect(await pool(2).embed(texts)).toEqual(await model.embed(texts));
  });

  it("gives each of many calls at once its own vectors", async () => {
    const shared = pool(2);
    const parts = [texts.slice(0, 12), texts.slice(5, 6), [], texts.slice(20)];
    const results = await Promise.all(parts.map((part) => shared.embed(part)));
    const alone = await model.embed(texts);
    expect(results).toEqual([alone.slice(0, 12), alone.slice(5, 6), [], alone.slice(20)]);
  });

  it("leaves the event loop free while it works", async () => {
    const ticksDuring = async (work: Promise<unknown>) => {
      let ticks = 0;
      let isDone = false;
      void work.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        ticks++;
      }
      return ticks;
    };
    const inProcess = await ticksDuring(model.embed(texts));
    expect(await ticksDuring(pool(1).embed(texts))).toBeGreaterThan(inProcess * 20);
  });

  it("says which model cannot be loaded, and works on other calls", async () => {
    const lost = opened(new BulkPool({ model: { ...model.options, directory: join(directory, "none") }, size: 1 }));
    await expect(lost.embed(["fever"])).rejects.toMatchObject({
      code: "model_unreadable",
      key: join(directory, "none"),
      cause: expect.any(String),
    });
  });

  it("serves embeddings' many documents and their few alike, with the documents' prefix", async () => {
    const load = () => loadLocalModel({ directory, dtype: "q8" });
    const bulk = new OnnxEmbeddings(defaultEmbedding, load, { documentPrefix: "passage: ", workers: 2 });
    const single = new OnnxEmbeddings(defaultEmbedding, load, { documentPrefix: "passage: ", workers: 0 });
    const vectors = await bulk.embedVectors(texts);
    expect(vectors).toEqual(await single.embedVectors(texts));
    // Now that its processes run, a few documents go there too; a question never does.
    expect(await bulk.embedVectors(texts.slice(0, 2))).toEqual(vectors.slice(0, 2));
    expect(cosine(await bulk.embedQuery(texts[7] ?? ""), vectors[7] ?? [])).toBeLessThan(0.9999);
    await Promise.all([bulk.close(), single.close()]);
  });

  it("can be stopped by a signal, in this process too", async () => {
    const load = () => loadLocalModel({ directory, dtype: "q8" });
    for (const workers of [0, 1]) {
      const embeddings = new OnnxEmbeddings(defaultEmbedding, load, { workers });
      await embeddings.warm();
      const abort = new AbortController();
      const work = embeddings.embedVectors(texts, { signal: abort.signal });
      setImmediate(() => abort.abort(new Error("enough")));
      await expect(work).rejects.toThrow("enough");
      await expect(embeddings.embedVectors(["x"], { signal: abort.signal })).rejects.toThrow("enough");
      expect(await embeddings.embedVectors(texts.slice(0, 6))).toEqual(await model.embed(texts.slice(0, 6)));
      await embeddings.close();
    }
  });
});

describe("a pool of embedding processes", () => {
  const model: OnnxModelOptions = { directory: "/models/odd", dtype: "q8", pooling: "mean", normalise: true };
  const workerFile = join(import.meta.dirname, "testing", "odd-worker.ts");
  const pool = (size: number, idleMilliseconds?: number) =>
    opened(new BulkPool({ model, size, workerFile, ...(idleMilliseconds !== undefined && { idleMilliseconds }) }));
  /** Long enough to be a batch of its own. */
  const long = (index: number) => "x".repeat(5000 + index);
  const processOf = (vectors: Float32Array[]) => vectors[0]?.[1];

  it("starts no more processes than it may, and none for no text", async () => {
    const three = pool(3);
    expect(await three.embed([])).toEqual([]);
    expect(three.isRunning).toBe(false);
    const vectors = await three.embed(Array.from({ length: 30 }, (_, index) => long(index)));
    expect(vectors.map(([length]) => length)).toEqual(Array.from({ length: 30 }, (_, index) => 5000 + index));
    expect(new Set(vectors.map(([, process]) => process)).size).toBeLessThanOrEqual(3);
  });

  it("gives the longest texts out first, those of like length together", async () => {
    const lengths = [10, 6000, 300, 5000, 11, 2900];
    const vectors = await pool(1).embed(lengths.map((length) => "y".repeat(length)));
    expect(vectors.map(([length]) => length)).toEqual(lengths);
    const batches = vectors.map((vector) => vector[2]);
    expect(batches).toEqual([3, 0, 3, 1, 3, 2]);
  });

  it("lets a small call pass between the batches of a large one", async () => {
    const one = pool(1);
    const order: string[] = [];
    const large = one.embed(Array.from({ length: 200 }, (_, index) => long(index))).then(() => order.push("large"));
    const small = one.embed(["small"]).then(() => order.push("small"));
    await Promise.all([large, small]);
    expect(order).toEqual(["small", "large"]);
  });

  it("fails the calls whose texts a dying process held, and replaces it", async () => {
    const one = pool(1);
    const before = processOf(await one.embed(["fever"]));
    const bystander = one.embed(["fever again"]);
    const failed = one.embed(["die"]);
    await expect(failed).rejects.toMatchObject({
      name: "EmbeddingError",
      code: "embedding_failed",
      key: "/models/odd",
    });
    await expect(failed).rejects.toThrow("SIGKILL");
    expect(processOf(await bystander)).toBe(before);
    const after = processOf(await one.embed(["fever"]));
    expect(after).toEqual(expect.any(Number));
    expect(after).not.toBe(before);
  });

  it("rejects an aborted call at once and goes on with the others", async () => {
    const one = pool(1);
    const abort = new AbortController();
    const aborted = one.embed(["wait", ...Array.from({ length: 10 }, (_, index) => long(index))], abort.signal);
    const other = one.embed(["go on"]);
    abort.abort(new Error("cancelled"));
    await expect(aborted).rejects.toThrow("cancelled");
    expect((await other)[0]?.[0]).toBe(5);
    await expect(one.embed(["late"], abort.signal)).rejects.toThrow("cancelled");
  });

  it("rejects what is under way when it is closed, and all that comes after", async () => {
    const one = pool(1);
    const waiting = [one.embed(["wait"]), one.embed([long(1), long(2), long(3)])];
    const rejections = Promise.all(waiting.map((call) => expect(call).rejects.toMatchObject({ code: "closed" })));
    await one.close();
    await rejections;
    expect(one.isRunning).toBe(false);
    await expect(one.embed(["late"])).rejects.toMatchObject({ code: "closed" });
  });

  it("lets a program end by itself, and one that closes it last end well", async () => {
    for (const last of ["", "await pool.close();"]) {
      const program = `
        import { BulkPool } from ${JSON.stringify(join(import.meta.dirname, "pool.ts"))};
        const pool = new BulkPool(${JSON.stringify({ model, size: 2, workerFile })});
        console.log((await pool.embed(["fever"]))[0][0]);
        ${last}`;
      const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
      expect(await run).toMatchObject({ stdout: "5\n", stderr: "" });
    }
  });

  it("ends idle processes and starts anew for the next text", async () => {
    const one = pool(1, 0);
    const before = processOf(await one.embed(["fever"]));
    while (one.isRunning) await new Promise((resolve) => setImmediate(resolve));
    const after = processOf(await one.embed(["fever"]));
    expect(after).not.toBe(before);
  });
});
