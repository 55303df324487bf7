import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { type RunOptions, readAll, startRun } from "./testing/context.ts";
import { articleSet } from "./testing/eutils.ts";
import { send, sendFile, sendStatus, serve } from "./testing/server.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An Apache listing as ftp.ncbi.nlm.nih.gov gives it: not in numeric order once numbers grow, with other files. */
function listing(folder: string, names: readonly string[]): string {
  const row = (name: string) => `<a href="${name}">${name}</a>  2026-01-15 14:05   19M`;
  const rows = ["README.txt", ...names].flatMap((name) => [row(name), row(`${name}.md5`)]);
  return `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<html><head><title>Index of /pubmed/${folder}</title></head><body><h1>Index of /pubmed/${folder}</h1><pre><a href="?C=N;O=D">Name</a>\n${rows.join("\n")}\n</pre></body></html>`;
}

const nameOf = (year: number, number: number) => `pubmed${year}n${String(number).padStart(4, "0")}.xml.gz`;

interface Site {
  baseline: string[];
  updatefiles: string[];
  /** Files whose MD5 stays wrong, or is wrong once. */
  wrong?: string[];
  wrongOnce?: string[];
  withoutMd5?: string[];
}

async function setUp(site: Site, given: RunOptions = {}) {
  const wrongOnce = new Set(site.wrongOnce);
  const server = await serve((seen, response) => {
    const [, , folder = "", file = ""] = seen.path.split("/");
    if (folder !== "baseline" && folder !== "updatefiles") return sendStatus(response, 404);
    if (file === "") return send(response, listing(folder, site[folder]));
    const name = file.replace(/\.md5$/, "");
    if (!site[folder].includes(name)) return sendStatus(response, 404);
    const body = gzipSync(articleSet([`${Number(/n(\d+)/.exec(name)?.[1])}`]));
    if (!file.endsWith(".md5")) {
      const isWrong = site.wrong?.includes(name) || wrongOnce.delete(name);
      return sendFile(seen, response, isWrong ? body.subarray(0, -1) : body);
    }
    if (site.withoutMd5?.includes(name)) return sendStatus(response, 404);
    send(response, `MD5(${name})= ${createHash("md5").update(body).digest("hex")}\n`);
  });
  closing.push(server.close);
  const run = await startRun(server.url, given);
  closing.push(run.close);
  return { server, run };
}

const all = sourceRequest.parse({ kind: "pubmed-files" });
const baseline = [nameOf(26, 2), nameOf(26, 1)];
const updates = [nameOf(26, 4), nameOf(26, 3)];

test("reads the baseline, then the updates, each in numeric order, unpacked and checked", async () => {
  const { run } = await setUp({ baseline: [nameOf(26, 10), nameOf(26, 9)], updatefiles: [nameOf(26, 11)] });
  const inputs = await readAll(run, all);
  expect(inputs.map(({ key }) => key)).toEqual([
    "baseline/pubmed26n0009.xml.gz",
    "baseline/pubmed26n0010.xml.gz",
    "updatefiles/pubmed26n0011.xml.gz",
  ]);
  expect(inputs[0]?.text).toBe(articleSet(["9"]));
  expect(inputs.at(-1)?.cursor).toEqual({ year: 26, number: 11, missing: [] });
  expect(run.failures).toEqual([]);
  expect(await run.left()).toEqual([]);
});

test("orders numbers as numbers past four digits", async () => {
  const { run } = await setUp({ baseline: [nameOf(26, 10_000), nameOf(26, 9999)], updatefiles: [] });
  expect((await readAll(run, all)).map(({ file }) => file)).toEqual(["pubmed26n9999.xml.gz", "pubmed26n10000.xml.gz"]);
});

test("goes on after its cursor, and skips without fetching what the run has done", async () => {
  const { server, run } = await setUp(
    { baseline, updatefiles: updates },
    { cursor: { year: 26, number: 2 }, done: [`updatefiles/${nameOf(26, 3)}`] },
  );
  expect((await readAll(run, all)).map(({ file }) => file)).toEqual([nameOf(26, 4)]);
  expect(server.seen.filter(({ path }) => path.includes("n0003"))).toEqual([]);
  const nothing = await setUp({ baseline, updatefiles: updates }, { cursor: { year: 26, number: 4, missing: [] } });
  expect(await readAll(nothing.run, all)).toEqual([]);
  expect(nothing.run.notes).toContain("nothing new: no file past the last one read");
});

test("fetches a damaged file again, and keeps one that stays damaged in mind for the next run", async () => {
  const { run } = await setUp({ baseline, updatefiles: updates, wrongOnce: [nameOf(26, 1)], wrong: [nameOf(26, 3)] });
  const inputs = await readAll(run, all);
  expect(inputs.map(({ file }) => file)).toEqual([nameOf(26, 1), nameOf(26, 2), nameOf(26, 4)]);
  expect(run.failures).toMatchObject([
    { position: { file: nameOf(26, 3) }, code: "malformed", reason: expect.stringContaining("its MD5 is") },
  ]);
  const cursor = { year: 26, number: 4, missing: [3] };
  expect(inputs.at(-1)?.cursor).toEqual(cursor);
  expect(run.ends).toEqual([cursor]);
  expect(await run.left()).toEqual([]);
  const next = await setUp({ baseline, updatefiles: [...updates, nameOf(26, 5)] }, { cursor });
  const later = await readAll(next.run, all);
  expect(later.map(({ file }) => file)).toEqual([nameOf(26, 3), nameOf(26, 5)]);
  expect(later.map((input) => input.cursor)).toEqual([
    { year: 26, number: 4, missing: [] },
    { year: 26, number: 5, missing: [] },
  ]);
});

test("reports a gap in the numbers, and a file without its checksum", async () => {
  const { run } = await setUp({
    baseline,
    updatefiles: [nameOf(26, 3), nameOf(26, 5)],
    withoutMd5: [nameOf(26, 5)],
  });
  expect(await readAll(run, all)).toHaveLength(3);
  expect(run.failures).toMatchObject([
    { position: { file: nameOf(26, 4) }, reason: expect.stringContaining("is in no listing") },
    { position: { file: nameOf(26, 5) }, code: "unreadable" },
  ]);
  expect(run.ends).toEqual([{ year: 26, number: 5, missing: [4, 5] }]);
});

test("notices a new year's baseline and starts anew, leaving last year's update files", async () => {
  const site = { baseline: [nameOf(27, 1)], updatefiles: [nameOf(26, 4)] };
  const { run } = await setUp(site, { cursor: { year: 26, number: 4, missing: [] } });
  const inputs = await readAll(run, all);
  expect(inputs.map(({ file }) => file)).toEqual([nameOf(27, 1)]);
  expect(inputs[0]?.cursor).toEqual({ year: 27, number: 1, missing: [] });
  expect(run.notes.join()).toContain("those of the 2027 baseline");
  const updatesOnly = await setUp(
    { baseline: [], updatefiles: [nameOf(27, 2)] },
    { cursor: { year: 26, number: 4, missing: [] } },
  );
  await readAll(updatesOnly.run, sourceRequest.parse({ kind: "pubmed-files", set: "updatefiles" }));
  expect(updatesOnly.run.failures[0]?.reason).toContain("Read the new baseline too");
});

test("fails by name when the listing has changed its form", async () => {
  const { server, run } = await setUp({ baseline: [], updatefiles: [] });
  await expect(readAll(run, all)).rejects.toMatchObject({
    code: "changed_form",
    asked: `${server.url}pubmed/baseline/`,
  });
});
