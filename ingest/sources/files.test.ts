import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parserFor } from "../parse/index.ts";
import { failuresOf, readAll } from "../parse/test-input.ts";
import type { ParserInput, RecordFailure } from "../types.ts";
import { findInputs } from "./files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function walk(...paths: string[]) {
  const skipped: string[] = [];
  const failures: RecordFailure[] = [];
  const inputs: ParserInput[] = [];
  const report = {
    onSkipped: (file: string) => skipped.push(file),
    onFailure: (failure: RecordFailure) => failures.push(failure),
  };
  for await (const input of findInputs(paths, "pubmed", report)) inputs.push(input);
  const short = (path: string) => path.replace(`${folder}/`, "");
  return { inputs, names: inputs.map((input) => short(input.file)), skipped: skipped.map(short), failures };
}

test("walks folders in name order, reports what it skips, reads each file once behind loops", async () => {
  await mkdir(join(folder, "b"));
  for (const name of ["b/2.xml", "b/1.xml.gz", "a.xml", "notes.txt"]) await writeFile(join(folder, name), "x");
  await symlink(folder, join(folder, "b/loop"));
  const { names, skipped, failures } = await walk(folder, join(folder, "a.xml"));
  expect(names).toEqual(["a.xml", "b/1.xml.gz", "b/2.xml"]);
  expect(skipped).toEqual(["notes.txt"]);
  expect(failures).toEqual([]);
});

test("a missing path and a link to itself are failures that name them", async () => {
  await symlink(join(folder, "self"), join(folder, "self"));
  const { failures } = await walk(join(folder, "none.xml"), join(folder, "self"));
  expect(failures).toMatchObject([
    { code: "unreadable", reason: expect.stringContaining("none.xml does not exist") },
    { code: "unreadable", reason: expect.stringContaining("leads back to itself") },
  ]);
});

test("gunzips; a cut or corrupt gzip is a failure after what could be read", async () => {
  const xml = "<PubmedArticleSet></PubmedArticleSet>";
  const packed = gzipSync(xml + " ".repeat(5000));
  await writeFile(join(folder, "good.xml.gz"), packed);
  await writeFile(join(folder, "cut.xml.gz"), packed.subarray(0, packed.length - 12));
  await writeFile(join(folder, "bad.xml.gz"), "no gzip");
  const { inputs } = await walk(folder);
  const parse = await parserFor("pubmed", "x.xml");
  const codes = await Promise.all(
    inputs.map(async (input) => failuresOf(await readAll(parse, input)).map(({ code, reason }) => [code, reason])),
  );
  expect(codes).toEqual([
    [["unreadable", expect.stringContaining("bad.xml.gz is not a sound gzip file")]],
    [["unreadable", expect.stringContaining("cut.xml.gz is a gzip file that is cut short")]],
    [],
  ]);
});
