import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { parserFor } from "../parse/index.ts";
import { failuresOf, readAll as parseAll } from "../parse/test-input.ts";
import { openSource } from "./index.ts";
import { readAll, startRun, type TestRun } from "./testing/context.ts";
import { articleSet } from "./testing/eutils.ts";

let run: TestRun;
beforeEach(async () => {
  run = await startRun("http://127.0.0.1:9/");
});
afterEach(() => run.close());

const contentType = "application/octet-stream";

test("objects: reads every object below the prefix that is of the source's formats, gunzipped", async () => {
  const { objects } = run.context;
  await objects.put("pubmed/a.xml", Buffer.from(articleSet([1])), { contentType });
  await objects.put("pubmed/deep/b.xml.gz", gzipSync(articleSet([2])), { contentType });
  await objects.put("pubmed/readme.txt", Buffer.from("x"), { contentType });
  await objects.put("other/c.xml", Buffer.from(articleSet([3])), { contentType });
  const inputs = await readAll(run, sourceRequest.parse({ kind: "objects", prefix: "pubmed/" }));
  expect(inputs.map(({ key, text }) => [key, text])).toEqual([
    ["pubmed/a.xml", articleSet([1])],
    ["pubmed/deep/b.xml.gz", articleSet([2])],
  ]);
  expect(run.skipped).toEqual(["pubmed/readme.txt"]);
});

test("objects: a damaged gzip is its record's failure; an object that has gone is the store's error", async () => {
  const { objects } = run.context;
  await objects.put("p/cut.xml.gz", gzipSync(articleSet([1]).repeat(50)).subarray(0, 60), { contentType });
  await objects.put("p/gone.xml", Buffer.from(articleSet([1])), { contentType });
  const request = sourceRequest.parse({ kind: "objects", prefix: "p/" });
  const outcomes: unknown[] = [];
  for await (const input of openSource(request, run.context, run.options)) {
    if (input.key === "p/gone.xml") await objects.delete(input.key);
    const parse = await parserFor("pubmed", input.file);
    outcomes.push(await parseAll(parse, input).then(failuresOf, (error) => error.name));
  }
  expect(outcomes).toMatchObject([
    [{ code: "unreadable", reason: "p/cut.xml.gz is a gzip file that is cut short" }],
    "StorageError",
  ]);
});

test("files: their paths are their keys; what is missing is a failure", async () => {
  const folder = join(run.context.directory, "input");
  await mkdir(folder);
  await writeFile(join(folder, "a.xml.gz"), gzipSync(articleSet([1])));
  await writeFile(join(folder, "notes.txt"), "x");
  const paths = [folder, join(folder, "none.xml")];
  const inputs = await readAll(run, sourceRequest.parse({ kind: "files", paths }));
  expect(inputs.map(({ key, text }) => [key, text])).toEqual([[join(folder, "a.xml.gz"), articleSet([1])]]);
  expect(run.skipped).toEqual([join(folder, "notes.txt")]);
  expect(run.failures).toMatchObject([{ code: "unreadable", reason: expect.stringContaining("does not exist") }]);
});
