import { execFile, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CollectionRow, insertRun, openDatabase, selectRun } from "#db/index.ts";
import { makeCollection } from "#db/testing/corpus.ts";
import { readEnv } from "#lib/env.ts";
import { type ObjectStore, openObjectStore } from "#lib/storage/objects/index.ts";
import { StorageError } from "#lib/storage/storage-error.ts";
import { describeDatabases } from "#lib/testing/databases.ts";
import { HashedEmbeddings } from "#lib/testing/deps.ts";
import { isOutage } from "../pipeline/outage.ts";
import { executeRun } from "./run.ts";
import { type KillPoint, killPoints } from "./testing/kill-points.ts";
import { openProxy, throughPort } from "./testing/proxy.ts";
import type { RunOptions } from "./types.ts";

const run = promisify(execFile);
const program = join(import.meta.dirname, "testing/killed-run.ts");

const line = (id: number, text: string) =>
  JSON.stringify({ _id: `d${id}`, title: `Trial ${id}`, text: `${text} Arm ${id} had ${id % 7} events.` });
const lines = (from: number, to: number, text: string) =>
  Array.from({ length: to - from }, (_, at) => line(from + at, text));

/** True where this process may mount a disk of its own, to fill it. */
const canMount = (() => {
  const place = mkdtempSync(join(tmpdir(), "probatum-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place], { stdio: "ignore" });
    execFileSync("umount", [place], { stdio: "ignore" });
    return true;
  } catch {
    return false; // no such right, or no such command
  } finally {
    rmdirSync(place);
  }
})();

let folder: string;
let objects: ObjectStore;
let paths: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "probatum-faults-"));
  objects = await openObjectStore(join(folder, "objects"));
  await objects.ensureBucket();
  // Three inputs: the second holds a record that cannot be read, the third changes documents of the first.
  const inputs = [
    lines(0, 300, "The arms did alike."),
    [...lines(300, 400, "One arm did better."), "{not JSON", ...lines(400, 420, "It was stopped early.")],
    [...lines(250, 330, "Corrected: the arms did not differ."), ...lines(420, 450, "Nobody died.")],
  ];
  paths = await Promise.all(
    inputs.map(async (content, at) => {
      const path = join(folder, `input-${at}.jsonl`);
      await writeFile(path, content.join("\n"));
      return path;
    }),
  );
});
afterAll(async () => {
  await objects.close();
  await rm(folder, { recursive: true, force: true });
});

describeDatabases("a run that meets a fault", (open) => {
  const depsOf = async (change: { objects?: ObjectStore } = {}) => ({
    database: (await open()).database,
    objects: change.objects ?? objects,
    embeddingsOf: async () => new HashedEmbeddings(),
    log: pino({ level: "silent" }),
    env: readEnv({ DATA_DIR: folder }),
  });
  const query = async <Row extends object>(statement: string, ...values: unknown[]): Promise<Row[]> =>
    (await (await open()).database.pool.query<Row>(statement, values)).rows;

  const newCollection = async () => makeCollection((await open()).database, { embeddingDimensions: 384 });
  const newRun = async ({ id }: CollectionRow) =>
    insertRun((await open()).database, { collectionId: id, request: { kind: "files", paths }, trigger: "command" });
  const execute = async (runId: string, options: RunOptions = {}, change: { objects?: ObjectStore } = {}) =>
    executeRun(await depsOf(change), runId, options);

  /** Everything that must be the same whatever happened on the way; ids and times differ between collections. */
  async function content({ id, spaceId }: CollectionRow, runId: string) {
    const [documents, chunks, postings, statistics, sums, failures, tables] = await Promise.all([
      query(
        `select source_id, encode(content_hash, 'hex') as hash, text, status, object_key is not null as kept
         from documents where collection_id = $1 order by source_id`,
        id,
      ),
      query(
        `select d.source_id, c.ordinal, encode(c.content_hash, 'hex') as hash, md5(v.embedding::text) as vector
         from chunks c join documents d on d.id = c.document_id left join vectors_${spaceId} v on v.chunk_id = c.id
         where c.collection_id = $1 order by d.source_id, c.ordinal`,
        id,
      ),
      query(
        `select d.source_id, p.lexeme, p.tf, p.len from chunk_terms p join chunks c on c.id = p.chunk_id
           and c.collection_id = p.collection_id join documents d on d.id = c.document_id
         where p.collection_id = $1 order by d.source_id, p.lexeme`,
        id,
      ),
      query(
        "select lexeme, chunk_count from term_statistics where collection_id = $1 and chunk_count > 0 order by 1",
        id,
      ),
      query("select document_count, chunk_count, term_total from collections where id = $1", id),
      query("select file, record, source_id, code from ingest_failures where run_id = $1 order by id", runId),
      query(
        `select (select count(*)::int from vectors_${spaceId}) as vectors,
           (select count(*)::int from vectors_${spaceId}_tail) as tail,
           (select count(*)::int from chunk_terms where collection_id = $1) as postings`,
        id,
      ),
    ]);
    return { documents, chunks, postings, statistics, sums, failures, tables };
  }

  let undisturbed: Awaited<ReturnType<typeof content>>;
  beforeAll(async () => {
    const collection = await newCollection();
    const runId = await newRun(collection);
    expect(await execute(runId)).toMatchObject({ status: "complete", read: 531, added: 450, updated: 80, failed: 1 });
    undisturbed = await content(collection, runId);
    expect(undisturbed.documents).toHaveLength(450);
    expect(undisturbed.failures).toHaveLength(1);
  });

  async function killedAt(point: KillPoint, runId: string): Promise<void> {
    const { url } = await open();
    const ended = run(process.execPath, [program, url, folder, runId, JSON.stringify(point)]);
    await expect(ended).rejects.toMatchObject({ signal: "SIGKILL" });
  }

  test.each(killPoints)("killed $name, it ends in the same rows when it is taken over", async (point) => {
    const { database } = await open();
    const collection = await newCollection();
    const runId = await newRun(collection);
    await killedAt(point, runId);
    expect(await selectRun(database, runId)).toMatchObject({ status: "running" });
    // Not to be had by another while its worker might be alive; its silence is made to have lasted.
    expect(await execute(runId)).toBeNull();
    await query("update ingest_runs set heartbeat_at = now() - interval '1 minute' where id = $1", runId);
    expect(await execute(runId)).toMatchObject({ status: "complete", attempts: 2, read: 531, failed: 1 });
    expect(await content(collection, runId)).toEqual(undisturbed);
  });

  const shortPauses = { limitMs: 60_000, initialDelayMs: 5, maxDelayMs: 50 };

  test("a database that is away for a while is waited for, and nothing is lost or doubled", async () => {
    const { url } = await open();
    const { target, urlAt } = throughPort(url);
    const proxy = await openProxy(target);
    const database = await openDatabase({ url: urlAt(proxy.port), connectTimeout: 2_000 });
    try {
      const collection = await newCollection();
      const runId = await newRun(collection);
      let waits = 0;
      const ended = await executeRun({ ...(await depsOf()), database }, runId, {
        patience: shortPauses,
        onProgress: ({ added }, { note }) => {
          if (waits === 0 && added > 0) {
            waits = 1;
            proxy.cut();
          } else if (note?.startsWith("waiting")) {
            waits += 1;
            if (waits === 6) proxy.mend();
          }
        },
      });
      expect(waits).toBeGreaterThanOrEqual(6);
      expect(ended).toMatchObject({ status: "complete", attempts: 1, read: 531, failed: 1 });
      expect(await content(collection, runId)).toEqual(undisturbed);
    } finally {
      await database.close();
      await proxy.close();
    }
  });

  test("an object store that is away for a while is waited for", async () => {
    const collection = await newCollection();
    const runId = await newRun(collection);
    let puts = 0;
    let waits = 0;
    const shaky: ObjectStore = {
      ...objects,
      put: async (...parameters) => {
        puts += 1;
        if (puts > 100 && waits < 5) {
          throw new StorageError({
            code: "unavailable",
            backend: "s3",
            operation: "put",
            reason: "connection refused",
          });
        }
        return objects.put(...parameters);
      },
      exists: async () => false,
    };
    const options: RunOptions = {
      patience: shortPauses,
      onProgress: (_, { note }) => {
        if (note?.startsWith("waiting")) waits += 1;
      },
    };
    expect(await execute(runId, options, { objects: shaky })).toMatchObject({ status: "complete", read: 531 });
    expect(waits).toBeGreaterThanOrEqual(5);
    expect(await content(collection, runId)).toEqual(undisturbed);
  });

  test("a store that stays away ends the run as interrupted, with what was written kept; it goes on later", async () => {
    const collection = await newCollection();
    const runId = await newRun(collection);
    const away: ObjectStore = {
      ...objects,
      exists: async () => {
        throw new StorageError({ code: "unavailable", backend: "s3", operation: "head", reason: "connection refused" });
      },
    };
    const ended = await execute(runId, { patience: { ...shortPauses, limitMs: 30 } }, { objects: away });
    expect(ended).toMatchObject({ status: "interrupted", error: expect.stringContaining("connection refused") });
    expect(await execute(runId)).toMatchObject({ status: "complete", attempts: 2, read: 531 });
    expect(await content(collection, runId)).toEqual(undisturbed);
  });

  test.skipIf(!canMount)(
    `a disk that is full is waited for until there is room${canMount ? "" : " (skipped: no right to mount a small disk)"}`,
    async () => {
      const small = join(folder, `small-${randomUUID()}`);
      await mkdir(small);
      await run("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", small]);
      try {
        const collection = await newCollection();
        const runId = await newRun(collection);
        const store = await openObjectStore(join(small, "objects"));
        await store.ensureBucket();
        let waits = 0;
        const ended = await execute(
          runId,
          {
            patience: shortPauses,
            onProgress: (_, { note }) => {
              if (!note?.startsWith("waiting")) return;
              waits += 1;
              expect(note).toMatch(/no space left/i);
              if (waits === 3) execFileSync("mount", ["-o", "remount,size=64m", small]);
            },
          },
          { objects: store },
        );
        expect(waits).toBeGreaterThanOrEqual(3);
        expect(ended).toMatchObject({ status: "complete", attempts: 1, read: 531, failed: 1 });
        expect(await content(collection, runId)).toEqual(undisturbed);
        await store.close();
      } finally {
        await run("umount", [small]);
      }
    },
  );
});

test.each([
  ["a connection that is refused", Object.assign(new Error("no"), { code: "ECONNREFUSED" }), true],
  ["a disk that is full", Object.assign(new Error("could not extend file"), { code: "53100" }), true],
  ["a server that shuts down", Object.assign(new Error("terminating"), { code: "57P01" }), true],
  ["a deadlock", Object.assign(new Error("deadlock detected"), { code: "40P01" }), true],
  [
    "what lies behind another error",
    new Error("the batch failed", { cause: new Error("Connection terminated") }),
    true,
  ],
  ["a vector of another size", Object.assign(new Error("dimensions"), { code: "23514" }), false],
  ["a mistake of the program", new TypeError("x is not a function"), false],
])("whether waiting can help: %s", (_, error, helps) => {
  expect(isOutage(error)).toBe(helps);
});
