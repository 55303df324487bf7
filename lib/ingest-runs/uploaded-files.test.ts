import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimRun, endRun, type IngestCounts, insertCheckpoint, insertFailures } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { ForbiddenError, InvalidInputError } from "../errors.ts";
import { makeViewer, openTestDeps } from "../testing/deps.ts";
import { createUpload, listUploadedFiles, putUploadedFile, startRun, startUploadRun } from "./index.ts";

const none: IngestCounts = {
  read: 1,
  added: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  failed: 0,
  chunks: 0,
  reused: 0,
  marked: 0,
};

describe("files of an upload into a guideline collection", () => {
  let deps: Deps;
  let curator: Viewer;
  beforeAll(async () => {
    deps = await openTestDeps();
    curator = { ...(await makeViewer(deps)), role: "curator" };
  });
  afterAll(() => deps?.close());

  async function put(upload: string, name: string, ...parts: string[]) {
    const body = Readable.from(parts.map((part) => Buffer.from(part)));
    return putUploadedFile(deps, curator, "guidelines", upload, { name, contentType: "text/plain", body });
  }

  test("are PDFs by their first bytes, however these are cut", async () => {
    const upload = await createUpload(deps, curator, "guidelines");
    expect((await put(upload, "whole.pdf", "%P", "D", "F-1.7 text")).size).toBe(13);
    expect((await put(upload, "late.PDF", " ".repeat(1000), "%PDF-1.4")).size).toBe(1008);
    const { contentType } = await deps.objects.head(`uploads/guidelines/${upload}/whole.pdf`);
    expect(contentType).toBe("application/pdf");
    for (const parts of [["no PDF at all"], [""], [" ".repeat(1024), "%PDF-1.4"], [" ".repeat(1022), "%PDF-1.4"]]) {
      await expect(put(upload, "other.pdf", ...parts)).rejects.toThrow(InvalidInputError);
    }
    await expect(put(upload, "paper.txt", "%PDF-1.7")).rejects.toThrow(/no PDF by its name/);
    const kept = [];
    for await (const { key } of deps.objects.list(`uploads/guidelines/${upload}/`)) kept.push(key.split("/").at(-1));
    expect(kept).toEqual(["late.PDF", "whole.pdf"]);
  });

  test("are told of one by one as a run gets through with them", async () => {
    const upload = await createUpload(deps, curator, "guidelines");
    const keys: string[] = [];
    for (const name of ["a.pdf", "b.pdf", "c.pdf", "d.pdf"]) keys.push((await put(upload, name, `%PDF-${name}`)).key);
    const run = await startUploadRun(deps, curator, "guidelines", upload);
    const results = async () =>
      (await listUploadedFiles(deps, curator, run.id)).map(({ name, result, reason }) => [name, result, reason]);
    expect(await results()).toEqual(["a", "b", "c", "d"].map((name) => [`${name}.pdf`, "waiting", null]));

    await claimRun(deps.database, run.id, "w");
    const [a, b, c] = keys as [string, string, string];
    await insertCheckpoint(deps.database, run.id, a, { ...none, added: 1 });
    const failure = { record: null, offset: null, sourceId: null, code: "encrypted", reason: "It needs a password." };
    await insertFailures(deps.database, run.id, [{ ...failure, file: b, input: b }]);
    await insertCheckpoint(deps.database, run.id, b, { ...none, failed: 1 });
    await insertCheckpoint(deps.database, run.id, c, { ...none, unchanged: 1 });
    await endRun(deps.database, run.id, "w", none, { status: "cancelled", error: null });
    expect(await results()).toEqual([
      ["a.pdf", "added", null],
      ["b.pdf", "failed", "It needs a password."],
      ["c.pdf", "unchanged", null],
      ["d.pdf", "unread", null],
    ]);
  });

  test("are for curators, and none for a run of another source", async () => {
    const run = await startRun(deps, curator, "consumer_health", { kind: "medlineplus" });
    expect(await listUploadedFiles(deps, curator, run.id)).toEqual([]);
    const clinician = { ...curator, role: "clinician" };
    await expect(listUploadedFiles(deps, clinician, run.id)).rejects.toThrow(ForbiddenError);
  });
});
