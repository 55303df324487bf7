import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { SourceType } from "#lib/domain.ts";
import { chunkDocument } from "../pipeline/chunk.ts";
import { findInputs } from "../sources/files.ts";
import type { ParsedDocument, ParsedRecord } from "../types.ts";
import { parserFor } from "./index.ts";
import { expectedFields, expectedPdfs, worstPdfs } from "./real-fields.ts";
import { documentsOf, failuresOf, sectionText } from "./test-input.ts";

const data = join(import.meta.dirname, "../../../shared/data");
const present = existsSync(data);

async function readFolder(folder: string, sourceType: SourceType): Promise<Map<string, ParsedRecord[]>> {
  return readFiles([join(data, folder)], sourceType);
}

async function readFiles(paths: string[], sourceType: SourceType): Promise<Map<string, ParsedRecord[]>> {
  const records = new Map<string, ParsedRecord[]>();
  for await (const input of findInputs(paths, sourceType)) {
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

function hashOf(text: string): string {
  return createHash("sha256").update(text.split(/\s+/).filter(Boolean).join(" ")).digest("hex").slice(0, 12);
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

  test.each([
    ["pubmed", "pubmed"],
    ["pmc", "pmc"],
    ["spl", "drug_label"],
    ["openfda", "drug_label"],
    ["medlineplus", "consumer"],
  ] as const)("%s: chosen records hold, field by field, what their raw files hold", async (folder, sourceType) => {
    const documents = documentsOf([...(await readFolder(folder, sourceType)).values()].flat());
    for (const [sourceId, expected] of Object.entries(expectedFields[folder])) {
      const { titleHash, counts, firstAuthor, firstMeshTerm, labels, textHashes, boxed, ...fields } = expected;
      const document = documents.find((one) => one.sourceId === sourceId) as ParsedDocument;
      expect(document, sourceId).toMatchObject(fields);
      if (titleHash) expect(hashOf(document.title), sourceId).toBe(titleHash);
      if (counts?.authors !== undefined) expect(document.authors.length, sourceId).toBe(counts.authors);
      if (counts?.meshTerms !== undefined) expect(document.meshTerms.length, sourceId).toBe(counts.meshTerms);
      if (firstAuthor) expect(document.authors[0], sourceId).toBe(firstAuthor);
      if (firstMeshTerm) expect(document.meshTerms[0], sourceId).toBe(firstMeshTerm);
      const named = document.sections.map(({ path }) => path[0] ?? "");
      if (labels)
        expect(
          [...new Set(named)].filter((label) => labels.includes(label)),
          sourceId,
        ).toEqual(labels);
      for (const [label, hash] of Object.entries(textHashes ?? {})) {
        expect(hashOf(sectionText(document, label) ?? ""), `${sourceId} ${label}`).toBe(hash);
      }
      const boxes = document.sections.filter((section) => section.boxed).map(({ label }) => label);
      if (boxed) expect([...new Set(boxes)], sourceId).toEqual(boxed);
    }
  });

  test("guidelines: every PDF is a document with pages and boxes, its headings on their pages", async () => {
    const files = await readFolder("guidelines", "guideline");
    const records = [...files.values()].flat();
    expect(failuresOf(records)).toEqual([]);
    for (const [file, [record]] of files) {
      const expected = expectedPdfs[basename(file)];
      if (record?.kind !== "document" || !expected) throw new Error(`${file} is not known`);
      const { document } = record;
      expect(
        document.pages.map(({ page }) => page),
        file,
      ).toEqual(Array.from({ length: expected.pages }, (_, index) => index + 1));
      expect(document.publishedOn, file).toBe(expected.publishedOn);
      expect(document.metadata.pagesWithoutText ?? [], file).toEqual(expected.empty);
      const { label, page, at } = expected.heading;
      const section = document.sections.find((one) => one.label === label);
      expect(section?.page, `${file}: ${label}`).toBe(page);
      const box = document.boxes.find((one) => one.end > (section?.start ?? 0));
      expect(box?.page, file).toBe(page);
      if (at) expect(Math.hypot((box?.x ?? 0) - at[0], (box?.y ?? 0) - at[1]), file).toBeLessThan(5);
    }
    for (const document of documentsOf(records)) {
      expectSound(document);
      expect(document.boxes.length).toBeGreaterThan(500);
    }
    expect(documentsOf(records)).toHaveLength(6);
  }, 400_000);

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

  test("hostile PDFs: a sample is documents or typed failures, each in bounded time", async () => {
    const names = readdirSync(join(data, "hostile/pdf")).filter((name) => name.endsWith(".pdf"));
    const sample = names.filter((name, index) => index % 12 === 5 || worstPdfs.includes(name));
    expect(sample.length).toBeGreaterThan(18);
    const records = await readFiles(
      sample.map((name) => join(data, "hostile/pdf", name)),
      "guideline",
    );
    expect(records.size).toBe(sample.length);
    for (const [file, own] of records) {
      expect(own, file).toHaveLength(1);
      documentsOf(own).forEach(expectSound);
    }
    for (const failure of failuresOf([...records.values()].flat())) {
      expect(["malformed", "no_text", "encrypted", "too_large", "timeout"]).toContain(failure.code);
    }
  }, 400_000);
});
