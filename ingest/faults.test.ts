import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CollectionRow, insertRun, selectRun } from "#db/index.ts";
import { makeCollection } from "#db/testing/corpus.ts";
import { readEnv } from "#lib/env.ts";
import { type ObjectStore, openObjectStore } from "#lib/storage/objects/index.ts";
import { describeDatabases } from "#lib/testing/databases.ts";
import { HashedEmbeddings } from "#lib/testing/deps.ts";
import { executeRun, type RunOptions } from "./run.ts";
import { type KillPoint, killPoints } from "./testing/kill-points.ts";

const run = promisify(execFile);
const program = join(import.meta.dirname, "testing/killed-run.ts");

const line = (id: number, text: string) =>
  JSON.stringify({ _id: `d${id}`, title: `Trial ${id}`, text: `${text} Arm ${id} had ${id % 7} events.` });
const lines = (from: number, to: number, text: string) =>
  Array.from({ length: to - from }, (_, at) => line(from + at, text));

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
});
