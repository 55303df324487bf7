import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCollection } from "#db/index.ts";
import { ask } from "../ask/index.ts";
import type { Viewer } from "../auth/index.ts";
import { listCollections } from "../collections/index.ts";
import { confinedDeps } from "../confined-deps.ts";
import type { Deps } from "../deps.ts";
import { getDocument, openOriginal } from "../documents/index.ts";
import { ForbiddenError, InvalidInputError, NotFoundError } from "../errors.ts";
import { addDocuments, makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { handWritten, warfarinQuestion, warfarinQuote } from "../testing/hand-written.ts";
import {
  activateSpace,
  createPrivateCollection,
  createSchedule,
  createUpload,
  getCollectionForAdmin,
  getRun,
  listCollectionsForAdmin,
  listRuns,
  pauseRun,
  putUploadedFile,
  startRun,
  startUploadRun,
  updateSchedule,
} from "./index.ts";

const server = process.env.DATABASE_URL;
describe("private collections on the embedded Postgres", () => suite(undefined));
if (server) describe("private collections on a real Postgres", () => suite(server));
else describe.skip("on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(undefined));

function suite(databaseUrl: string | undefined): void {
  let deps: Deps;
  beforeAll(async () => {
    deps = await openTestDeps(databaseUrl ? { databaseUrl } : {});
  });
  afterAll(() => deps?.close());

  /** A curator of a further tenant, as `npm run tenant` adds one; or of the one that keeps the shared collections. */
  async function curator(keeps = false): Promise<Viewer> {
    const viewer = await makeViewer(deps);
    await deps.database.pool.query("update tenants set keeps_shared = $2 where id = $1", [viewer.tenantId, keeps]);
    return { ...viewer, role: "curator" };
  }
  const as = (viewer: Viewer) => confinedDeps(deps, viewer);
  async function make(viewer: Viewer): Promise<string> {
    const { slug } = await createPrivateCollection(as(viewer), viewer, {
      title: "Ward 7 – Leitlinien",
      sourceType: "guideline",
    });
    return slug;
  }
  async function fill(viewer: Viewer, slug: string): Promise<string> {
    const collection = await findCollection(deps.database, viewer.tenantId, slug);
    if (!collection) throw new Error("no collection");
    await addDocuments(deps, collection, [
      { id: `own-${randomUUID()}`, title: "Warfarin in atrial fibrillation", text: warfarinQuote },
    ]);
    const { rows } = await deps.database.pool.query<{ id: string }>(
      "update documents set object_key = 'originals/x/y', original_type = 'application/pdf' where collection_id = $1 returning id::text",
      [collection.id],
    );
    return rows[0]?.id as string;
  }
  async function answered(viewer: Viewer, collections: string[] = []): Promise<string> {
    const shown: unknown[] = [];
    for await (const event of ask(as(viewer), {
      tenantId: viewer.tenantId,
      question: warfarinQuestion,
      collections,
      earlierQuestions: [],
    }))
      shown.push(event);
    return JSON.stringify(shown);
  }
  const file = () => ({
    name: "a.pdf",
    contentType: "application/pdf",
    body: Readable.from([Buffer.from("%PDF-1.7\n%%EOF")]),
  });

  test("one is made, seen, filled and searched by its tenant alone", async () => {
    const [one, two] = [await curator(), await curator()];
    const slug = await make(one);
    expect(slug).toMatch(/^own-ward-7-leitlinien-[0-9a-f]{12}$/);
    const document = await fill(one, slug);

    expect(await listCollections(as(one), one)).toContainEqual(expect.objectContaining({ slug, isPrivate: true }));
    expect(await getCollectionForAdmin(as(one), one, slug)).toMatchObject({ isPrivate: true, mayChange: true });
    expect(await getDocument(as(one), one, document)).toMatchObject({ collection: slug });
    expect(await answered(one)).toContain(warfarinQuote);

    expect(JSON.stringify(await listCollections(as(two), two))).not.toContain(slug);
    expect(JSON.stringify(await listCollectionsForAdmin(as(two), two))).not.toContain(slug);
    await expect(getCollectionForAdmin(as(two), two, slug)).rejects.toThrow(NotFoundError);
    await expect(getDocument(as(two), two, document)).rejects.toThrow(NotFoundError);
    await expect(openOriginal(as(two), two, document, null)).rejects.toThrow(NotFoundError);
    // The same question again, now that an answer to it is kept.
    expect(await answered(two)).not.toContain(warfarinQuote);
    await expect(answered(two, [slug])).rejects.toThrow(InvalidInputError);
    // The WHERE alone, without row-level security beside it.
    expect(JSON.stringify(await listCollections(deps, two))).not.toContain(slug);
    await expect(getDocument(deps, two, document)).rejects.toThrow(NotFoundError);
  });

  test("its runs, uploads and schedules are its tenant's alone", async () => {
    const [one, two] = [await curator(), await curator(true)];
    const slug = await make(one);
    const upload = await createUpload(as(one), one, slug);
    const { key } = await putUploadedFile(as(one), one, slug, upload, file());
    const run = await startUploadRun(as(one), one, slug, upload);
    const schedule = await createSchedule(as(one), one, slug, { request: { kind: "medlineplus" }, cron: "0 3 * * *" });
    expect((await listRuns(as(one), one)).runs.map(({ id }) => id)).toEqual([run.id]);
    // Also for the tenant that keeps what is shared.
    expect(JSON.stringify(await listRuns(deps, two))).not.toContain(run.id);
    await expect(getRun(deps, two, run.id)).rejects.toThrow(NotFoundError);
    await expect(pauseRun(deps, two, run.id)).rejects.toThrow(NotFoundError);
    await expect(updateSchedule(deps, two, schedule.id, { enabled: false })).rejects.toThrow(NotFoundError);
    await expect(createUpload(deps, two, slug)).rejects.toThrow(/There is no collection named/);
    // Nor does another collection read what was uploaded for it, or what lies in the operator's inbox.
    const prefix = key.slice(0, key.lastIndexOf("/") + 1);
    const other = await make(two);
    await expect(startRun(deps, two, other, { kind: "objects", prefix })).rejects.toThrow(ForbiddenError);
    await expect(startRun(deps, one, slug, { kind: "objects", prefix: "inbox/" })).rejects.toThrow(ForbiddenError);
    await expect(
      updateSchedule(deps, one, schedule.id, { request: { kind: "objects", prefix: "inbox/" } }),
    ).rejects.toThrow(ForbiddenError);
  });

  test("a shared one is changed by the tenant that keeps it, and read by all", async () => {
    const [keeper, other] = [await curator(true), await curator()];
    const slug = await makeCorpus(deps, handWritten);
    const run = await startRun(as(keeper), keeper, slug, { kind: "medlineplus" });
    const schedule = await createSchedule(as(keeper), keeper, slug, {
      request: { kind: "medlineplus" },
      cron: "0 3 * * *",
    });
    const upload = randomUUID();
    const deeds = [
      () => startRun(deps, other, slug, { kind: "medlineplus" }),
      () => createUpload(deps, other, slug),
      () => putUploadedFile(deps, other, slug, upload, file()),
      () => startUploadRun(deps, other, slug, upload),
      () => createSchedule(deps, other, slug, { request: { kind: "medlineplus" }, cron: "0 3 * * *" }),
      () => activateSpace(deps, other, slug, 0),
      // One that nobody has made yet is as shared.
      () => startRun(deps, other, "drug_labels", { kind: "medlineplus" }),
    ];
    for (const deed of deeds) await expect(deed()).rejects.toThrow(/its operator keeps it/);
    const { rows } = await deps.database.pool.query(
      "select count(*)::int as denials from audit_log where tenant_id = $1 and action = 'denied' and subject_id = 'collection.change'",
      [other.tenantId],
    );
    expect(rows).toEqual([{ denials: deeds.length }]);
    expect(await findCollection(deps.database, null, "drug_labels")).toBeNull();
    await expect(pauseRun(deps, other, run.id)).rejects.toThrow(NotFoundError);
    await expect(updateSchedule(deps, other, schedule.id, { enabled: false })).rejects.toThrow(NotFoundError);
    expect(await listRuns(deps, other)).toMatchObject({ total: 0 });
    const seen = await getCollectionForAdmin(as(other), other, slug);
    expect(seen).toMatchObject({
      isPrivate: false,
      mayChange: false,
      openRun: null,
      lastCompleteRun: null,
      schedules: [],
    });
    expect(await getCollectionForAdmin(as(keeper), keeper, slug)).toMatchObject({
      mayChange: true,
      openRun: { id: run.id },
    });
    expect(await answered(other, [slug])).toContain(warfarinQuote);
  });

  test("making one is recorded, bounded and said wrong in words", async () => {
    const one = await curator();
    const slug = await make(one);
    const { rows } = await deps.database.pool.query("select action, subject_id from audit_log where tenant_id = $1", [
      one.tenantId,
    ]);
    expect(rows).toEqual([{ action: "collection.create", subject_id: slug }]);
    await expect(createPrivateCollection(as(one), one, { title: " ", sourceType: "guideline" })).rejects.toThrow(
      /title/,
    );
    await expect(createPrivateCollection(as(one), one, { title: "X", sourceType: "novel" })).rejects.toThrow(
      /sourceType/,
    );
    const reader = { ...one, role: "clinician" };
    await expect(createPrivateCollection(as(one), reader, { title: "X", sourceType: "guideline" })).rejects.toThrow(
      ForbiddenError,
    );
    // Nothing but signs: still a name of its own.
    expect((await createPrivateCollection(as(one), one, { title: "指南", sourceType: "guideline" })).slug).toMatch(
      /^own-[0-9a-f]{12}$/,
    );
  });
}
