import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CollectionRow, insertRun, selectCursor } from "#db/index.ts";
import { makeCollection } from "#db/testing/corpus.ts";
import { readEnv } from "#lib/env.ts";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { type ObjectStore, openObjectStore } from "#lib/storage/objects/index.ts";
import { describeDatabases } from "#lib/testing/databases.ts";
import { HashedEmbeddings } from "#lib/testing/deps.ts";
import { type Citation, EntrezServer } from "../sources/testing/eutils.ts";
import { type Seen, serve } from "../sources/testing/server.ts";
import { executeRun } from "./run.ts";
import type { RunDeps, RunOptions } from "./types.ts";

const request = sourceRequest.parse({ kind: "pubmed-query", query: "asthma" });
const citations = (count: number, firstId: number, mdat: string): Citation[] =>
  Array.from({ length: count }, (_, at) => ({ id: firstId + at, mdat, edat: mdat }));

let folder: string;
let objects: ObjectStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "probatum-source-runs-"));
  objects = await openObjectStore(join(folder, "objects"));
  await objects.ensureBucket();
});
afterAll(async () => {
  await objects.close();
  await rm(folder, { recursive: true, force: true });
});

describeDatabases("a run over a source that is asked by network", (open) => {
  /** Entrez as a run meets it, on a given day; `refuses` says which requests are answered with 429. */
  async function entrez(records: Citation[], refuses: (seen: Seen, asked: number) => boolean = () => false) {
    const answers = new EntrezServer(records);
    const refused: Seen[] = [];
    const server = await serve((seen, response) => {
      if (!refuses(seen, server.seen.length)) return answers.answer(seen, response);
      refused.push(seen);
      response.writeHead(429, { "retry-after": "2" }).end("too many requests");
    });
    const { database } = await open();
    const waits: number[] = [];
    const deps: RunDeps = {
      database,
      objects,
      embeddingsOf: async () => new HashedEmbeddings(),
      log: pino({ level: "silent" }),
      env: readEnv({ DATA_DIR: folder, EUTILS_URL: `${server.url}eutils/` }),
    };
    const run = async (collection: CollectionRow, today: string, change: RunOptions & { runId?: string } = {}) => {
      const { runId, ...options } = change;
      const id = runId ?? (await insertRun(database, { collectionId: collection.id, request, trigger: "command" }));
      return executeRun(deps, id, {
        sourceOptions: {
          manners: {
            requestsPerSecond: 10_000,
            now: () => new Date(`${today}T12:00:00Z`),
            sleep: async (milliseconds) => void waits.push(milliseconds),
            random: () => 0.5,
          },
        },
        ...options,
      });
    };
    return { run, server, refused, waits, close: server.close };
  }

  const newCollection = async () =>
    makeCollection((await open()).database, { embeddingDimensions: 384, sourceType: "pubmed" });
  const pmids = async ({ id }: CollectionRow) => {
    const { rows } = await (await open()).database.pool.query<{ pmid: number }>(
      "select source_id::int as pmid from documents where collection_id = $1 order by 1",
      [id],
    );
    return rows.map(({ pmid }) => pmid);
  };

  test("a storm of 429 delays it and loses nothing", async () => {
    const records = citations(1_200, 1, "2026-02-01");
    const storm = await entrez(records, (_, asked) => asked % 5 !== 0);
    try {
      const collection = await newCollection();
      const ended = await storm.run(collection, "2026-03-10");
      expect(ended).toMatchObject({ status: "complete", read: 1_200, added: 1_200, failed: 0 });
      expect(await pmids(collection)).toEqual(records.map(({ id }) => id));
      expect(storm.refused.length).toBeGreaterThan(10);
      expect(storm.waits.filter((wait) => wait >= 2_000).length).toBeGreaterThanOrEqual(storm.refused.length);
    } finally {
      await storm.close();
    }
  });

  test("a source that stays busy ends it as interrupted; it goes on after the pages it has", async () => {
    const records = citations(1_200, 1, "2026-02-01");
    let isBusy = true;
    const source = await entrez(records, ({ parameters }) => isBusy && parameters.get("retstart") === "1000");
    try {
      const collection = await newCollection();
      const first = await source.run(collection, "2026-03-10");
      expect(first).toMatchObject({ status: "interrupted", error: expect.stringContaining("429") });
      expect(await selectCursor((await open()).database, collection.id, JSON.stringify(request))).toBeNull();
      isBusy = false;
      source.server.seen.length = 0;
      const second = await source.run(collection, "2026-03-10", { runId: first?.id as string });
      expect(second).toMatchObject({ status: "complete", attempts: 2, read: 1_200, added: 1_200, unchanged: 0 });
      const fetched = source.server.seen.map(({ parameters }) => parameters.get("retstart")).filter(Boolean);
      expect(fetched).not.toContain("500"); // checked off by the first attempt
      expect(await pmids(collection)).toEqual(records.map(({ id }) => id));
    } finally {
      await source.close();
    }
  });

  test("the next run reads what came since", async () => {
    const records = citations(30, 1, "2026-02-01");
    const source = await entrez(records);
    try {
      const collection = await newCollection();
      expect(await source.run(collection, "2026-03-10")).toMatchObject({ read: 30, added: 30 });
      records.push(...citations(5, 100, "2026-03-12"));
      expect(await source.run(collection, "2026-03-15")).toMatchObject({ read: 5, added: 5 });
      expect(await source.run(collection, "2026-03-15")).toMatchObject({ read: 0, status: "complete" });
      expect(await pmids(collection)).toHaveLength(35);
    } finally {
      await source.close();
    }
  });
});
