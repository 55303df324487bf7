import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type CollectionRow,
  type Database,
  findCollection,
  insertRun,
  insertSchedule,
  type NewRun,
  openDatabase,
  requestCancel,
  requestPause,
  requestResume,
  selectRun,
} from "#db/index.ts";
import { makeCollection } from "#db/testing/corpus.ts";
import { readEnv } from "#lib/env.ts";
import { type ObjectStore, openObjectStore } from "#lib/storage/objects/index.ts";
import { StorageError } from "#lib/storage/storage-error.ts";
import { describeDatabases } from "#lib/testing/databases.ts";
import { HashedEmbeddings } from "#lib/testing/deps.ts";
import type { RunDeps } from "./types.ts";
import { type WorkerOptions, work } from "./work.ts";

const program = join(import.meta.dirname, "testing/mortal-worker.ts");
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) =>
    JSON.stringify({
      _id: `d${from + at}`,
      title: `Trial ${from + at}`,
      text: `Arm ${from + at} had ${at % 7} events.`,
    }),
  ).join("\n");

let folder: string;
let objects: ObjectStore;
let small: string;
let large: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "probatum-work-"));
  objects = await openObjectStore(join(folder, "objects"));
  await objects.ensureBucket();
  const write = async (name: string, content: string) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  small = await write("small.jsonl", lines(0, 20));
  large = [await write("large-1.jsonl", lines(0, 300)), await write("large-2.jsonl", lines(300, 900))];
});
afterAll(async () => {
  await objects.close();
  await rm(folder, { recursive: true, force: true });
});

/** Embeddings that wait, from a given call on, until they are let go. */
class GatedEmbeddings extends HashedEmbeddings {
  readonly reached: Promise<void>;
  open: () => void = () => undefined;
  #reach: () => void = () => undefined;
  #calls = 0;

  constructor(heldFrom: number) {
    super();
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      this.open = resolve;
    });
    this.embedVectors = async (texts: string[], options?: { signal?: AbortSignal }) => {
      this.#calls += 1;
      if (this.#calls >= heldFrom) {
        this.#reach();
        await Promise.race([gate, rejectedBy(options?.signal)]);
      }
      return Promise.all(texts.map(async (text) => Float32Array.from(await this.embedQuery(text))));
    };
  }
}

function rejectedBy(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

describeDatabases("workers", (open) => {
  const stops: (() => Promise<void>)[] = [];

  async function start(change: Partial<RunDeps> = {}, options: Partial<WorkerOptions> = {}) {
    const { url } = await open();
    const begun: string[] = [];
    const database = await openDatabase({ url, max: 4 });
    const embeddings = new HashedEmbeddings();
    const log = pino({ level: "info" }, { write: (text: string) => begun.push(...runOf(text)) }) as RunDeps["log"];
    const deps: RunDeps = {
      database,
      objects,
      embeddingsOf: async () => embeddings,
      log,
      env: readEnv({ DATA_DIR: folder }),
      ...change,
    };
    const ending = new AbortController();
    const done = work(deps, { signal: ending.signal, pollMs: 20, beatMs: 20, ...options });
    const stop = async () => {
      ending.abort(new Error("stopped"));
      await done;
      await database.close();
    };
    stops.push(stop);
    return { begun, stop };
  }
  const runOf = (text: string): string[] => {
    const { msg, run } = JSON.parse(text) as { msg: string; run: string };
    return msg === "a run begins" ? [run] : [];
  };
  async function withWorkers(work: (database: Database) => Promise<void>) {
    try {
      await work((await open()).database);
    } finally {
      await Promise.all(stops.splice(0).map((stop) => stop()));
    }
  }
  const newCollection = async (database: Database) => makeCollection(database, { embeddingDimensions: 384 });
  const add = (database: Database, { id }: CollectionRow, paths: string[], run: Partial<NewRun> = {}) =>
    insertRun(database, { collectionId: id, request: { kind: "files", paths }, trigger: "person", ...run });
  const until = (database: Database, id: string, status: string) =>
    expect.poll(async () => (await selectRun(database, id))?.status, { timeout: 40_000, interval: 20 }).toBe(status);
  async function documents(database: Database, { id }: CollectionRow) {
    const { rows } = await database.pool.query<{ documents: number; counted: number; chunks: number; vectors: number }>(
      `select (select count(*)::int from documents where collection_id = $1) as documents, document_count as counted,
         (select count(*)::int from chunks where collection_id = $1) as chunks from collections where id = $1`,
      [id],
    );
    return rows[0];
  }

  test("share the runs: each is carried out once, those of one collection after another", async () => {
    await withWorkers(async (database) => {
      const collections = await Promise.all(Array.from({ length: 5 }, () => newCollection(database)));
      const ids: string[] = [];
      for (const collection of collections) {
        ids.push(await add(database, collection, [small]), await add(database, collection, [small]));
      }
      const workers = [await start({}, { concurrency: 2 }), await start({}, { concurrency: 2 })];
      for (const id of ids) await until(database, id, "complete");
      const runs = await Promise.all(ids.map((id) => selectRun(database, id)));
      for (const [at, run] of runs.entries()) {
        expect(run).toMatchObject({ attempts: 1, read: 20, ...(at % 2 ? { unchanged: 20 } : { added: 20 }) });
      }
      const begun = workers.flatMap((worker) => worker.begun);
      expect(new Set(begun)).toEqual(new Set(ids));
    });
  });

  test("take over the run of one that was killed (SIGKILL) in its middle, and end it complete", async () => {
    await withWorkers(async (database) => {
      const { url } = await open();
      const collection = await newCollection(database);
      const id = await add(database, collection, large);
      const child = spawn(process.execPath, [program, url, folder], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      expect(await selectRun(database, id)).toMatchObject({ status: "running", attempts: 1 });
      child.kill("SIGKILL");
      await once(child, "exit");
      await start();
      // Half a minute's silence, without waiting for it.
      await database.pool.query("update ingest_runs set heartbeat_at = now() - interval '31 seconds' where id = $1", [
        id,
      ]);
      await until(database, id, "complete");
      expect(await selectRun(database, id)).toMatchObject({ attempts: 2, failed: 0, worker: null });
      expect(await documents(database, collection)).toEqual({ documents: 900, counted: 900, chunks: 900 });
    });
  });

  test("put what they are at back into the queue when they are stopped, for another to go on with", async () => {
    await withWorkers(async (database) => {
      const collection = await newCollection(database);
      const id = await add(database, collection, large);
      const gate = new GatedEmbeddings(2);
      const { stop } = await start({ embeddingsOf: async () => gate });
      await gate.reached;
      await stop();
      expect(await selectRun(database, id)).toMatchObject({ status: "queued", attempts: 0, worker: null });
      await start();
      await until(database, id, "complete");
      expect(await documents(database, collection)).toEqual({ documents: 900, counted: 900, chunks: 900 });
    });
  });

  test("pause, go on with and cancel a run at work when they are asked to", async () => {
    await withWorkers(async (database) => {
      const collection = await newCollection(database);
      const id = await add(database, collection, large);
      let gate = new GatedEmbeddings(2);
      await start({ embeddingsOf: async () => gate });
      await gate.reached;
      await requestPause(database, "all", id);
      await until(database, id, "paused");
      gate = new GatedEmbeddings(1);
      await requestResume(database, "all", id);
      await gate.reached;
      await requestCancel(database, "all", id);
      await until(database, id, "cancelled");
      expect(await selectRun(database, id)).toMatchObject({ wanted: null, worker: null });
    });
  });

  test("try again what an outage cut off, and give it up with its reason after so many attempts", async () => {
    await withWorkers(async (database) => {
      const [passing, lasting] = [await newCollection(database), await newCollection(database)];
      const id = await add(database, passing, [small]);
      let refusals = 2;
      const away = () =>
        new StorageError({ code: "unavailable", backend: "objects", operation: "put", reason: "it is away" });
      const flaky: ObjectStore = {
        ...objects,
        put: async (...parameters) => {
          if (refusals > 0) {
            refusals -= 1;
            throw away();
          }
          return objects.put(...parameters);
        },
      };
      const patience = { limitMs: 0, initialDelayMs: 1, maxDelayMs: 1 };
      const retries = { attempts: 4, firstDelay: 0, longestDelay: 0 };
      await start({ objects: flaky }, { patience, retries });
      await until(database, id, "complete");
      expect((await selectRun(database, id))?.attempts).toBeGreaterThan(1);
      refusals = Number.POSITIVE_INFINITY;
      const lost = await add(database, lasting, large);
      await until(database, lost, "failed");
      expect(await selectRun(database, lost)).toMatchObject({
        attempts: 4,
        error: expect.stringMatching(/^Given up after 4 attempts\..*it is away/),
      });
    });
  });

  test("read again the inputs in which records failed, and settle what is taken in", async () => {
    await withWorkers(async (database) => {
      const collection = await newCollection(database);
      const mended = join(folder, "mended.jsonl");
      await writeFile(mended, `${lines(0, 5)}\n{not JSON\n${lines(6, 8)}`);
      await start();
      const id = await add(database, collection, [small, mended]);
      await until(database, id, "complete");
      expect(await selectRun(database, id)).toMatchObject({ read: 28, failed: 1 });
      await writeFile(mended, lines(0, 30));
      const again = await add(database, collection, [small, mended], { trigger: "retry", retryOf: id });
      await until(database, again, "complete");
      expect(await selectRun(database, again)).toMatchObject({ read: 30, added: 10, failed: 0 });
      const { rows } = await database.pool.query("select resolved_by from ingest_failures where run_id = $1", [id]);
      expect(rows).toEqual([{ resolved_by: again }]);
    });
  });

  test("carry out what a schedule asks for, once however many they are", async () => {
    await withWorkers(async (database) => {
      const collection = await newCollection(database);
      const schedule = { collectionId: collection.id, request: { kind: "files", paths: [small] }, createdBy: null };
      const id = await insertSchedule(database, { ...schedule, cron: "* * * * *", timeZone: "UTC", enabled: true });
      // As if it had been made two hours ago, on every minute of which nobody was there.
      await database.pool.query("update ingest_schedules set updated_at = now() - interval '2 hours' where id = $1", [
        id,
      ]);
      await Promise.all([start({}, { schedulePollMs: 20 }), start({}, { schedulePollMs: 20 })]);
      const runs = async () => {
        const found = await database.pool.query<{ status: string }>(
          "select status from ingest_runs where schedule_id = $1 order by created_at",
          [id],
        );
        return found.rows.map(({ status }) => status);
      };
      await expect.poll(runs, { timeout: 30_000, interval: 20 }).toContain("complete");
      await database.pool.query("update ingest_schedules set enabled = false where id = $1", [id]);
      // A minute may have turned meanwhile.
      expect((await runs()).length).toBeLessThanOrEqual(2);
      expect(await documents(database, collection)).toEqual({ documents: 20, counted: 20, chunks: 20 });
    });
  });

  test("fill another space of vectors and have it searched", async () => {
    await withWorkers(async (database) => {
      const collection = await newCollection(database);
      const other = new HashedEmbeddings(16);
      // Texts alike in most words would tie, and ties have no one order to compare.
      other.embedVectors = async (texts) =>
        texts.map((text) => Float32Array.from(createHash("md5").update(text).digest(), (byte) => byte - 127.5));
      const first = new HashedEmbeddings();
      await start({ embeddingsOf: async (space) => (space.embeddingDimensions === 16 ? other : first) });
      await until(database, await add(database, collection, large), "complete");
      const request = { provider: "test", model: "smaller", dimensions: 16 };
      const id = await add(database, collection, [], { kind: "embed", request });
      await expect.poll(async () => (await selectRun(database, id))?.finishedAt, { timeout: 40_000 }).not.toBeNull();
      expect(await selectRun(database, id)).toMatchObject({ status: "complete", chunks: 900, error: null });
      const found = await findCollection(database, null, collection.slug);
      expect(found).toMatchObject({ embeddingModel: "smaller", embeddingDimensions: 16 });
    });
  });
});
