import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  beatRun,
  claimRun,
  endRun,
  ensureFillingSpace,
  findCollection,
  type IngestCounts,
  insertFailures,
  insertRun,
  type RunStatus,
  resolveFailures,
  type SpaceRow,
  writeVectors,
} from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../errors.ts";
import { makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { handWritten } from "../testing/hand-written.ts";
import {
  activateSpace,
  adminCollectionView,
  cancelRun,
  createSchedule,
  createUpload,
  deleteSchedule,
  dropSpace,
  failurePage,
  getCollectionForAdmin,
  getRun,
  listCollectionsForAdmin,
  listFailures,
  listRuns,
  listSchedules,
  pauseRun,
  putUploadedFile,
  resumeRun,
  retryFailures,
  rollbackSpace,
  runDetail,
  runPage,
  scheduleView,
  startReembed,
  startRun,
  startUploadRun,
  system,
  updateSchedule,
} from "./index.ts";

const none: IngestCounts = {
  read: 0,
  added: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  failed: 0,
  chunks: 0,
  reused: 0,
  marked: 0,
};
const source = { kind: "medlineplus" };

const server = process.env.DATABASE_URL;
describe("on the embedded Postgres", () => suite(undefined));
if (server) describe("on a real Postgres", () => suite(server));
else describe.skip("on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(undefined));

function suite(databaseUrl: string | undefined): void {
  let deps: Deps;
  let curator: Viewer;
  beforeAll(async () => {
    deps = await openTestDeps(databaseUrl ? { databaseUrl } : {});
    curator = { ...(await makeViewer(deps)), role: "curator" };
  });
  afterAll(() => deps?.close());

  const newCollection = () => makeCorpus(deps, handWritten);
  /** A run brought to its end as a worker would. */
  async function ended(status: Exclude<RunStatus, "queued" | "running">, counts: Partial<IngestCounts> = {}) {
    const run = await startRun(deps, curator, await newCollection(), source);
    await claimRun(deps.database, run.id, "w");
    await endRun(deps.database, run.id, "w", { ...none, ...counts }, { status, error: null });
    return run.id;
  }
  async function failIn(runId: string, count: number) {
    const failures = Array.from({ length: count }, (_, at) => ({
      file: "a.xml",
      record: at + 1,
      offset: at * 100,
      sourceId: at % 2 ? String(at) : null,
      code: "malformed",
      reason: `record ${at + 1} has no title`,
      input: "a.xml",
    }));
    await insertFailures(deps.database, runId, failures);
  }

  describe("who may", () => {
    test.each(["archivist", "clinician", "reader"])("%s may not", async (role) => {
      const viewer = { ...curator, role };
      const slug = await newCollection();
      const run = await startRun(deps, curator, slug, source);
      const upload = randomUUID();
      const file = { name: "a.pdf", contentType: "application/pdf", body: Readable.from([Buffer.from("x")]) };
      const acts: Promise<unknown>[] = [
        startRun(deps, viewer, slug, source),
        startReembed(deps, viewer, slug, { provider: "local-minilm", model: "all-MiniLM-L6-v2", dimensions: 384 }),
        createUpload(deps, viewer, slug),
        putUploadedFile(deps, viewer, slug, upload, file),
        startUploadRun(deps, viewer, slug, upload),
        pauseRun(deps, viewer, run.id),
        resumeRun(deps, viewer, run.id),
        cancelRun(deps, viewer, run.id),
        retryFailures(deps, viewer, run.id),
        listRuns(deps, viewer),
        getRun(deps, viewer, run.id),
        listFailures(deps, viewer, run.id),
        listCollectionsForAdmin(deps, viewer),
        getCollectionForAdmin(deps, viewer, slug),
        activateSpace(deps, viewer, slug, 1),
        rollbackSpace(deps, viewer, slug),
        dropSpace(deps, viewer, slug, 1),
        createSchedule(deps, viewer, slug, { request: source, cron: "0 3 * * *" }),
        listSchedules(deps, viewer),
      ];
      for (const act of await Promise.allSettled(acts)) {
        expect(act).toMatchObject({ status: "rejected", reason: expect.any(ForbiddenError) });
      }
      expect((await getRun(deps, curator, run.id)).status).toBe("queued");
    });

    test.each(["owner", "administrator", "curator"])("%s may", async (role) => {
      const run = await startRun(deps, { ...curator, role }, await newCollection(), source);
      expect(run).toMatchObject({ status: "queued", trigger: "person", requestedBy: curator.name, request: source });
    });

    test("not for the collection of another tenant", async () => {
      const slug = await newCollection();
      const stranger = { ...(await makeViewer(deps)), role: "administrator" };
      await deps.database.pool.query("update collections set tenant_id = $1 where slug = $2", [curator.tenantId, slug]);
      const run = await startRun(deps, curator, slug, source);
      const schedule = await createSchedule(deps, curator, slug, { request: source, cron: "0 3 * * *" });
      await expect(getRun(deps, stranger, run.id)).rejects.toThrow(NotFoundError);
      await expect(cancelRun(deps, stranger, run.id)).rejects.toThrow(NotFoundError);
      await expect(startRun(deps, stranger, slug, source)).rejects.toThrow(`“${slug}”`);
      await expect(deleteSchedule(deps, stranger, schedule.id)).rejects.toThrow(NotFoundError);
      expect((await listRuns(deps, stranger)).runs.map(({ id }) => id)).not.toContain(run.id);
      expect((await listCollectionsForAdmin(deps, stranger)).map((one) => one.slug)).not.toContain(slug);
      expect((await getRun(deps, system, run.id)).id).toBe(run.id);
    });

    test("not reach files of the machine or originals through a run", async () => {
      const slug = await newCollection();
      const files = { kind: "files", paths: ["/etc"] };
      const originals = { kind: "objects", prefix: "originals/" };
      await expect(startRun(deps, curator, slug, files)).rejects.toThrow(ForbiddenError);
      await expect(startRun(deps, curator, slug, originals)).rejects.toThrow(ForbiddenError);
      await expect(createSchedule(deps, curator, slug, { request: originals, cron: "0 3 * * *" })).rejects.toThrow(
        ForbiddenError,
      );
      expect((await startRun(deps, curator, slug, { kind: "objects", prefix: "inbox/2026" })).status).toBe("queued");
      expect((await startRun(deps, system, slug, files)).requestText).toBe("files /etc");
    });
  });

  describe("asking for a run", () => {
    test("names what is wrong with the source, and the collections there are", async () => {
      const slug = await newCollection();
      await expect(startRun(deps, curator, slug, { kind: "pubmed" })).rejects.toThrow(/“pubmed”.*pubmed-query/);
      await expect(startRun(deps, curator, slug, { kind: "pubmed-query" })).rejects.toThrow(/query: is missing/);
      const wrong = { kind: "pubmed-query", query: "gout", from: "yesterday", colour: "red" };
      await expect(startRun(deps, curator, slug, wrong)).rejects.toThrow(/from: .*date.*"colour"/i);
      await expect(startRun(deps, curator, "nowhere", source)).rejects.toThrow(/“nowhere”.*pubmed_abstracts/);
    });

    test("makes a known collection that is not there yet", async () => {
      const before = await getCollectionForAdmin(deps, curator, "consumer_health");
      expect(before).toMatchObject({ exists: false, documents: 0, spaces: [] });
      await startRun(deps, curator, "consumer_health", source);
      const after = await getCollectionForAdmin(deps, curator, "consumer_health");
      expect(after).toMatchObject({ exists: true, openRun: { status: "queued" }, embedding: { dimensions: 384 } });
      const all = await listCollectionsForAdmin(deps, curator);
      expect(all.filter(({ slug }) => slug === "consumer_health")).toHaveLength(1);
      expect(all.at(-1)).toMatchObject({ exists: false });
    });
  });

  describe("an upload", () => {
    const body = (text: string) => Readable.from([Buffer.from(text)]);

    test("is a run over its files and no others", async () => {
      const slug = await newCollection();
      const upload = await createUpload(deps, curator, slug);
      await expect(startUploadRun(deps, curator, slug, upload)).rejects.toThrow(ConflictError);
      const name = "C:\\Guides\\Übersicht 50%.pdf";
      const kept = await putUploadedFile(deps, curator, slug, upload, {
        name,
        contentType: "application/pdf",
        body: body("%PDF-1"),
      });
      expect(kept).toEqual({ key: `uploads/${slug}/${upload}/Übersicht 50_.pdf`, size: 6 });
      const run = await startUploadRun(deps, curator, slug, upload);
      expect(run).toMatchObject({
        trigger: "upload",
        request: { kind: "objects", prefix: `uploads/${slug}/${upload}/` },
      });
    });

    test("refuses names that are none, ids that are none, and files past the limit", async () => {
      const slug = await newCollection();
      const upload = await createUpload(deps, curator, slug);
      const put = (name: string, text = "x", to = upload, limited: Deps = deps) =>
        putUploadedFile(limited, curator, slug, to, { name, contentType: "application/pdf", body: body(text) });
      await expect(put("..")).rejects.toThrow(InvalidInputError);
      await expect(put("folder/")).rejects.toThrow(InvalidInputError);
      await expect(put("a.pdf", "x", "../../originals")).rejects.toThrow(InvalidInputError);
      const tight = { ...deps, env: { ...deps.env, INGEST_FILE_LIMIT_MB: 1 } };
      await expect(put("big.pdf", `%PDF-${"x".repeat(1024 * 1024)}`, upload, tight)).rejects.toMatchObject({
        status: 413,
      });
      await expect(startUploadRun(deps, curator, slug, upload)).rejects.toThrow(/No file/);
      expect((await put(`${"ä".repeat(300)}.v2.pdf`, "%PDF-")).key).toMatch(/ä\.v2\.pdf$/);
    });
  });

  describe("steering a run", () => {
    test("that waits: paused, resumed and cancelled at once", async () => {
      const { id } = await startRun(deps, curator, await newCollection(), source);
      expect(await pauseRun(deps, curator, id)).toMatchObject({ status: "paused", actions: ["resume", "cancel"] });
      await expect(pauseRun(deps, curator, id)).rejects.toThrow(/is paused/);
      expect(await resumeRun(deps, curator, id)).toMatchObject({ status: "queued", actions: ["pause", "cancel"] });
      expect(await cancelRun(deps, curator, id)).toMatchObject({ status: "cancelled", actions: [] });
      await expect(resumeRun(deps, curator, id)).rejects.toThrow(ConflictError);
    });

    test("at work: asked, and told to its worker with its next sign of life", async () => {
      const { id } = await startRun(deps, curator, await newCollection(), source);
      await claimRun(deps.database, id, "w");
      expect(await pauseRun(deps, curator, id)).toMatchObject({ status: "running", wanted: "pause" });
      expect(await beatRun(deps.database, id, "w", none, {})).toEqual({ wanted: "pause" });
      expect(await resumeRun(deps, curator, id)).toMatchObject({ status: "running", wanted: null });
      expect(await cancelRun(deps, curator, id)).toMatchObject({ status: "running", wanted: "cancel" });
      expect(await beatRun(deps.database, id, "w", none, {})).toEqual({ wanted: "cancel" });
    });

    test("of a worker that fell silent: cancelled at once", async () => {
      const { id } = await startRun(deps, curator, await newCollection(), source);
      await claimRun(deps.database, id, "w");
      await deps.database.pool.query(
        "update ingest_runs set heartbeat_at = now() - interval '1 minute' where id = $1",
        [id],
      );
      expect(await cancelRun(deps, curator, id)).toMatchObject({ status: "cancelled", wanted: null, worker: null });
    });

    test("of a command: resumed by workers", async () => {
      const collection = await findCollection(deps.database, null, await newCollection());
      const own = { collectionId: collection?.id as number, request: source, trigger: "command" as const };
      const id = await insertRun(deps.database, own);
      await pauseRun(deps, curator, id);
      expect(await resumeRun(deps, curator, id)).toMatchObject({ status: "queued", trigger: "person" });
    });

    test("that is not there, or named by no id", async () => {
      await expect(pauseRun(deps, curator, randomUUID())).rejects.toThrow(NotFoundError);
      await expect(getRun(deps, curator, "7")).rejects.toThrow(/“7” is no id of a run/);
    });
  });

  describe("reading", () => {
    test("runs by collection and status, in pages, the newest first", async () => {
      const slug = await newCollection();
      const ids: string[] = [];
      for (let at = 0; at < 5; at += 1) ids.unshift((await startRun(deps, curator, slug, source)).id);
      await cancelRun(deps, curator, ids[0] as string);
      const page = runPage.parse(await listRuns(deps, curator, { collection: slug, limit: 2, offset: 1 }));
      expect(page).toMatchObject({ total: 5, limit: 2, offset: 1 });
      expect(page.runs.map(({ id }) => id)).toEqual(ids.slice(1, 3));
      const cancelled = await listRuns(deps, curator, { collection: slug, statuses: ["cancelled"] });
      expect(cancelled.runs.map(({ id }) => id)).toEqual([ids[0]]);
      await expect(listRuns(deps, curator, { limit: 0 })).rejects.toThrow(InvalidInputError);
    });

    test("a run's progress in at most 200 points, its ends among them, with rates", async () => {
      const { id } = await startRun(deps, curator, await newCollection(), source);
      await deps.database.pool.query(
        `insert into ingest_progress (run_id, at, read, chunks, failed)
         select $1, '2026-01-01T00:00:00Z'::timestamptz + n * interval '5 seconds', n * 10, n * 30, 0
         from generate_series(0, 1000) n`,
        [id],
      );
      const run = runDetail.parse(await getRun(deps, curator, id));
      expect(run.progress).toHaveLength(200);
      expect(run.progress.at(-1)).toMatchObject({ read: 10_000, chunks: 30_000, recordsPerSecond: 2 });
      expect(run.rates).toMatchObject({ recentRecordsPerSecond: 2, recentChunksPerSecond: 6, recordsPerSecond: 2 });
      const few = await startRun(deps, curator, await newCollection(), source);
      expect(await getRun(deps, curator, few.id)).toMatchObject({ progress: [], rates: { recordsPerSecond: null } });
    });

    test("failures in pages, and a retry of what is not resolved yet", async () => {
      const id = await ended("complete", { read: 10, failed: 5 });
      await failIn(id, 5);
      const page = failurePage.parse(await listFailures(deps, curator, id, { limit: 2, offset: 2 }));
      expect(page).toMatchObject({
        total: 5,
        failures: [
          { record: 3, byteOffset: 200 },
          { record: 4, sourceId: "3" },
        ],
      });
      expect((await getRun(deps, curator, id)).actions).toEqual(["retry"]);
      const retry = await retryFailures(deps, curator, id);
      expect(retry).toMatchObject({ retryOf: id, trigger: "retry", status: "queued", request: source });
      await deps.database.pool.query(
        "insert into ingest_checkpoints (run_id, input, counts) values ($1, 'a.xml', '{}')",
        [retry.id],
      );
      await resolveFailures(deps.database, id, retry.id);
      expect((await listFailures(deps, curator, id, { unresolved: true })).total).toBe(0);
      expect((await listFailures(deps, curator, id)).failures[0]?.resolvedBy).toBe(retry.id);
      await expect(retryFailures(deps, curator, id)).rejects.toThrow(/no failed records left/);
      await expect(retryFailures(deps, curator, retry.id)).rejects.toThrow(/is queued/);
    });

    test("a collection's figures", async () => {
      const slug = await newCollection();
      const view = adminCollectionView.parse(await getCollectionForAdmin(deps, curator, slug));
      expect(view).toMatchObject({
        documents: 4,
        chunks: 4,
        through: "2024-02-01",
        lastCompleteRun: null,
        spaces: [{ state: "active", vectors: 4, missing: 0, dimensions: 384 }],
      });
      expect(view.bytes).toBeGreaterThan(view.spaces[0]?.bytes ?? 0);
      expect(view.documentBytes).toBeGreaterThan(0);
      const dry = await startRun(deps, curator, slug, source, { dryRun: true });
      await claimRun(deps.database, dry.id, "w");
      await endRun(deps.database, dry.id, "w", none, { status: "complete", error: null });
      expect((await getCollectionForAdmin(deps, curator, slug)).lastCompleteRun).toBeNull();
      const run = await startRun(deps, curator, slug, source);
      await claimRun(deps.database, run.id, "w");
      await endRun(deps.database, run.id, "w", none, { status: "complete", error: null });
      expect((await getCollectionForAdmin(deps, curator, slug)).lastCompleteRun?.id).toBe(run.id);
    });
  });

  describe("spaces of vectors", () => {
    const settings = { provider: "openai-compatible", model: "other", dimensions: 8 };
    async function fill(slug: string, count: number): Promise<SpaceRow> {
      const collection = await findCollection(deps.database, null, slug);
      const space = await ensureFillingSpace(deps.database, { collectionId: collection?.id as number, ...settings });
      const { rows } = await deps.database.pool.query<{ id: string }>(
        "select id::text from chunks where collection_id = $1 order by id limit $2",
        [collection?.id, count],
      );
      const vector = (at: number) => Float32Array.from({ length: 8 }, (_, axis) => (axis === at ? 1 : 0.1));
      await writeVectors(
        deps.database,
        space as SpaceRow,
        rows.map(({ id }, at) => ({ id, embedding: vector(at) })),
      );
      return space as SpaceRow;
    }

    test("are swapped only when they are full, gone back from, and dropped only when they are not searched", async () => {
      const slug = await newCollection();
      const before = (await getCollectionForAdmin(deps, curator, slug)).spaces[0];
      await expect(rollbackSpace(deps, curator, slug)).rejects.toThrow(/no earlier space/);
      const half = await fill(slug, 2);
      await expect(activateSpace(deps, curator, slug, half.id)).rejects.toThrow(/no vectors for 2 chunks/);
      await fill(slug, 4);
      await activateSpace(deps, curator, slug, half.id);
      const after = await getCollectionForAdmin(deps, curator, slug);
      expect(after.embedding).toEqual(settings);
      expect(after.spaces).toMatchObject([
        { id: half.id, state: "active", vectors: 4, recall: 1 },
        { id: before?.id, state: "retired" },
      ]);
      await expect(dropSpace(deps, curator, slug, half.id)).rejects.toThrow(/the one that is searched/);
      await rollbackSpace(deps, curator, slug);
      expect((await getCollectionForAdmin(deps, curator, slug)).embedding.dimensions).toBe(384);
      await dropSpace(deps, curator, slug, half.id);
      expect((await getCollectionForAdmin(deps, curator, slug)).spaces).toHaveLength(1);
      await expect(dropSpace(deps, curator, slug, half.id)).rejects.toThrow(NotFoundError);
    });

    test("are asked for with settings that are not in use and can be opened", async () => {
      const slug = await newCollection();
      const used = { provider: "test", model: "hashed", dimensions: 384 };
      await expect(startReembed(deps, curator, slug, used)).rejects.toThrow(/exactly these settings/);
      await expect(startReembed(deps, curator, slug, { ...used, dimensions: 4001 })).rejects.toThrow(/dimensions/);
      const run = await startReembed(deps, curator, slug, settings);
      expect(run).toMatchObject({ kind: "embed", request: settings, status: "queued" });
      expect(run.requestText).toBe("re-embed with other (openai-compatible, 8 dimensions)");
      const space = await fill(slug, 1);
      await expect(dropSpace(deps, curator, slug, space.id)).rejects.toThrow(`by the run ${run.id}`);
      await cancelRun(deps, curator, run.id);
      await dropSpace(deps, curator, slug, space.id);
    });
  });

  describe("schedules", () => {
    test("are made, changed, listed and ended", async () => {
      const slug = await newCollection();
      const made = await createSchedule(deps, curator, slug, {
        request: { kind: "pubmed-query", query: "gout" },
        cron: "30 2 * * 1",
        timeZone: "Europe/Berlin",
      });
      expect(scheduleView.parse(made)).toMatchObject({
        collection: slug,
        requestText: "pubmed-query “gout” dateType mdat",
        enabled: true,
        lastRun: null,
      });
      expect(new Date(made.nextAt as string).getUTCDay()).toBe(1);
      const disabled = await updateSchedule(deps, curator, made.id, { enabled: false });
      expect(disabled).toMatchObject({ enabled: false, nextAt: null, cron: "30 2 * * 1" });
      expect(await updateSchedule(deps, curator, made.id, { cron: "0 4 * * *", enabled: true })).toMatchObject({
        cron: "0 4 * * *",
        timeZone: "Europe/Berlin",
        request: made.request,
      });
      expect((await listSchedules(deps, curator, slug)).map(({ id }) => id)).toEqual([made.id]);
      expect((await getCollectionForAdmin(deps, curator, slug)).schedules).toHaveLength(1);
      await deleteSchedule(deps, curator, made.id);
      expect(await listSchedules(deps, curator, slug)).toEqual([]);
      await expect(deleteSchedule(deps, curator, made.id)).rejects.toThrow(NotFoundError);
    });

    test("name what is wrong with their times, zone or source, also when they are changed", async () => {
      const slug = await newCollection();
      const make = (change: object) =>
        createSchedule(deps, curator, slug, { request: source, cron: "0 3 * * *", ...change });
      await expect(make({ cron: "0 25 * * *" })).rejects.toThrow(/“0 25 \* \* \*”.*25/);
      await expect(make({ timeZone: "Nowhere" })).rejects.toThrow(/“Nowhere” is no time zone/);
      await expect(make({ request: { kind: "openfda", search: "" } })).rejects.toThrow(/search/);
      const made = await make({});
      await expect(updateSchedule(deps, curator, made.id, { timeZone: "Nowhere" })).rejects.toThrow(InvalidInputError);
      expect((await listSchedules(deps, curator, slug))[0]?.timeZone).toBe("UTC");
    });
  });
}
