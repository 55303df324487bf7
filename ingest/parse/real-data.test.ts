import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { SourceType } from "#lib/domain.ts";
import { chunkDocument } from "../chunk.ts";
import { findInputs } from "../sources/files.ts";
import type { ParsedDocument, ParsedRecord } from "../types.ts";
import { parserFor } from "./index.ts";
import { documentsOf, failuresOf } from "./test-input.ts";

const data = join(import.meta.dirname, "../../../shared/data");
const present = existsSync(data);

async function readFolder(folder: string, sourceType: SourceType): Promise<Map<string, ParsedRecord[]>> {
  const records = new Map<string, ParsedRecord[]>();
  for await (const input of findInputs([join(data, folder)], sourceType)) {
    const parse = await parserFor(sourceType, input.file);
    const own: ParsedRecord[] = [];
    for await (const record of parse(input)) own.push(record);
    records.set(input.file, own);
  }
  return records;
}

/** What every document promises, whatever its format. */
function expectSound(document: ParsedDocument): void {
  let last = 0;
  for (const section of document.sections) {
    expect(section.start).toBeGreaterThanOrEqual(last);
    expect(section.end).toBeGreaterThan(section.start);
    expect(section.path.at(-1)).toBe(section.label);
    last = section.end;
  }
  expect(last).toBeLessThanOrEqual(document.text.length);
  expect(document.text).toBe(document.text.trim());
  const sizes = new Map(document.pages.map((page) => [page.page, page]));
  for (const box of document.boxes) {
    const page = sizes.get(box.page);
    expect(document.text.slice(box.start, box.end).trim().length).toBeGreaterThan(0);
    expect(Math.min(box.x, box.y, box.width, box.height)).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual((page?.width ?? 0) + 0.01);
    expect(box.y + box.height).toBeLessThanOrEqual((page?.height ?? 0) + 0.01);
  }
  const chunks = chunkDocument(document);
  for (const chunk of chunks) {
    expect(chunk.text).toBe(document.text.slice(chunk.start, chunk.end));
    expect(chunk.text.split(/\s+/).length).toBeLessThanOrEqual(250);
  }
  const visible = (text: string) => text.replace(/\s/g, "");
  expect(visible(chunks.map((chunk) => chunk.text).join(""))).toBe(visible(document.text));
}

describe.skipIf(!present)(`real data${present ? "" : " (skipped: ../shared/data is not there)"}`, () => {
  test("PubMed: as many documents as articles in the files, the retracted one marked", async () => {
    const all: ParsedDocument[] = [];
    for (const [file, records] of await readFolder("pubmed", "pubmed")) {
      const bytes = readFileSync(file);
      const xml = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
      expect(documentsOf(records).length, file).toBe(xml.match(/<PubmedArticle[\s>]/g)?.length ?? 0);
      all.push(...documentsOf(records));
    }
    all.forEach(expectSound);
    expect(all.filter(({ status }) => status === "retracted").map(({ sourceId }) => sourceId)).toEqual(["31541003"]);
    expect(all.find(({ sourceId }) => sourceId === "29768149")).toMatchObject({
      publishedOn: "2018-05-17",
      evidenceLevel: "randomised_trial",
    });
  });

  test.each([
    ["pmc", "pmc", 71],
    ["spl", "drug_label", 4],
    ["medlineplus", "consumer", 2],
  ] as const)("%s: every record is a document", async (folder, sourceType, count) => {
    const records = [...(await readFolder(folder, sourceType)).values()].flat();
    expect(failuresOf(records)).toEqual([]);
    expect(documentsOf(records)).toHaveLength(count);
    documentsOf(records).forEach(expectSound);
  });

  test("guidelines: every PDF is a document with pages and boxes", async () => {
    const records = [...(await readFolder("guidelines", "guideline")).values()].flat();
    expect(failuresOf(records)).toEqual([]);
    for (const document of documentsOf(records)) {
      expectSound(document);
      expect(document.boxes.length).toBeGreaterThan(500);
    }
    expect(documentsOf(records)).toHaveLength(6);
  }, 180_000);

  test("hostile XML and JSON: each file gives typed failures or documents", async () => {
    for (const sourceType of ["pubmed", "pmc", "consumer", "drug_label"] as const) {
      const records = await readFolder("hostile/xml", sourceType);
      for (const [file, own] of records) {
        expect(documentsOf(own), file).toEqual([]);
        expect(failuresOf(own).length, file).toBeGreaterThan(0);
        if (/bomb|external|cyclic|quadratic/.test(file)) expect(failuresOf(own)[0]?.code, file).toBe("forbidden");
      }
    }
    for (const [file, own] of await readFolder("hostile/json", "drug_label")) {
      expect(documentsOf(own), file).toEqual([]);
      if (/\/n_/.test(file)) expect(failuresOf(own).length, file).toBeGreaterThan(0);
    }
  });

  test("hostile PDFs: each file is a document or a typed failure", async () => {
    const records = await readFolder("hostile/pdf", "guideline");
    for (const [file, own] of records) {
      expect(own, file).toHaveLength(1);
      documentsOf(own).forEach(expectSound);
    }
    const codes = Object.groupBy(failuresOf([...records.values()].flat()), ({ code }) => code);
    console.log(
      records.size,
      Object.entries(codes)
        .map(([code, list]) => `${code} ${list?.length}`)
        .join(", "),
    );
  }, 600_000);
});
