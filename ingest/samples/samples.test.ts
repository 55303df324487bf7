import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import { sampleAuthor, sampleMark } from "./guideline-layout.ts";
import { readGuideline } from "./guideline-markdown.ts";
import { sampleCollections } from "./index.ts";
import { makeGuidelines } from "./make-guidelines.ts";

/** A sample document as the file has it: its id and its raw source. */
interface Sample {
  id: string;
  raw: string;
}

const wellFormed = (xml: string, file: string) => {
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw new Error(`${file}: ${error.message}`);
  });
  parser.write(xml).close();
  return xml;
};

const cut = (xml: string, record: RegExp, id: RegExp): Sample[] =>
  Array.from(xml.matchAll(record), ([raw]) => ({ id: id.exec(raw)?.[1] ?? "", raw }));

/** Cuts one file into documents by the format's own record element. */
function cutFile(slug: string, file: string, content: string): Sample[] {
  if (slug === "guidelines") return [{ id: file, raw: content }];
  if (file.endsWith(".json")) {
    const { results } = JSON.parse(content) as { results: { set_id: string }[] };
    return results.map((result) => ({ id: result.set_id, raw: JSON.stringify(result) }));
  }
  const xml = wellFormed(content, file);
  if (slug === "pubmed_abstracts") return cut(xml, /<PubmedArticle>.*?<\/PubmedArticle>/gs, /<PMID [^>]*>(\d+)/);
  if (slug === "pubmed_fulltext") return cut(xml, /<article .*<\/article>/gs, /"pmcid">(PMC\d+)/);
  if (slug === "drug_labels") return cut(xml, /<document .*<\/document>/gs, /<setId root="([^"]+)"/);
  return cut(xml, /<health-topic .*?<\/health-topic>/gs, / id="(\d+)"/);
}

async function readSamples(slug: string, path: string): Promise<Sample[]> {
  const files = (await readdir(path)).sort();
  const contents = await Promise.all(files.map((file) => readFile(join(path, file), "latin1")));
  return files.flatMap((file, index) =>
    cutFile(
      slug,
      file,
      Buffer.from(contents[index] ?? "", "latin1").toString(file.endsWith(".pdf") ? "latin1" : "utf8"),
    ),
  );
}

const marks: Record<string, RegExp> = {
  pubmed_abstracts: /<Title>Probatum Sample Abstracts<\/Title>/,
  pubmed_fulltext: /<journal-title>Probatum Sample Articles<\/journal-title>/,
  guidelines: /\(Probatum sample guideline \\\(teaching text/,
  drug_labels: /Probatum Samples \(not a real label\)/,
  consumer_health: /<organization>Probatum samples \(not MedlinePlus\)<\/organization>/,
};

const allSamples = new Map(
  await Promise.all(sampleCollections.map(async ({ slug, path }) => [slug, await readSamples(slug, path)] as const)),
);

test.each(sampleCollections)("$slug holds at least 12 well-formed documents with ids of their own", ({ slug }) => {
  const ids = allSamples.get(slug)?.map((sample) => sample.id) ?? [];
  expect(ids.length).toBeGreaterThanOrEqual(12);
  expect(ids).not.toContain("");
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(sampleCollections)("every document of $slug carries its sample mark", ({ slug }) => {
  const unmarked = allSamples.get(slug)?.filter((sample) => !marks[slug]?.test(sample.raw));
  expect(unmarked?.map((sample) => sample.id)).toEqual([]);
});

test("rendering the guideline texts again gives the checked-in PDFs, byte for byte", async () => {
  const folder = sampleCollections.find(({ slug }) => slug === "guidelines")?.path ?? "";
  const rendered = await makeGuidelines();
  expect(rendered.map(({ name }) => name)).toEqual((await readdir(folder)).sort());
  for (const { name, bytes } of rendered) {
    const stored = await readFile(join(folder, name));
    expect(Buffer.compare(stored, bytes), `${name} differs; run make-guidelines.ts`).toBe(0);
    expect(stored.length).toBeLessThan(60_000);
  }
});

test("every PDF says in title, author and on its pages that it is a sample", async () => {
  const { getDocument } = await import("pdfjs-dist/legacy/build/pdf.mjs");
  for (const { name, bytes } of await makeGuidelines()) {
    const loading = getDocument({ data: bytes, verbosity: 0 });
    const document = await loading.promise;
    const { info } = (await document.getMetadata()) as { info: { Title: string; Author: string } };
    expect(info.Author, name).toBe(sampleAuthor);
    expect(info.Title, name).toContain(sampleAuthor);
    for (let number = 1; number <= document.numPages; number += 1) {
      const content = await (await document.getPage(number)).getTextContent();
      const text = content.items.map((item) => ("str" in item ? item.str : "")).join(" ");
      expect(text, `${name} page ${number}`).toContain(sampleMark);
    }
    expect(document.numPages, name).toBeGreaterThanOrEqual(2);
    await loading.destroy();
  }
});

test("a guideline text without a field of its front block is refused by name", () => {
  expect(() => readGuideline("broken.md", "---\ntitle: A\n---\n## B")).toThrow(
    'broken.md: front block has no "number"',
  );
});

test("the retracted abstract and its notice point at each other", () => {
  const abstracts = new Map(allSamples.get("pubmed_abstracts")?.map((sample) => [sample.id, sample.raw]));
  expect(abstracts.get("99000011")).toMatch(/RefType="RetractionIn">.*?<PMID Version="1">99000012</s);
  expect(abstracts.get("99000011")).toContain("<PublicationType>Retracted Publication</PublicationType>");
  expect(abstracts.get("99000012")).toMatch(/RefType="RetractionOf">.*?<PMID Version="1">99000011</s);
});

interface Question {
  question: string;
  mustMention?: string[];
  sourceIds?: string[];
  unanswerable?: true;
}

test("each evaluation question names documents that hold every word a right answer must mention", async () => {
  const lines = (await readFile(new URL("./questions.jsonl", import.meta.url), "utf8")).trim().split("\n");
  const questions = lines.map((line) => JSON.parse(line) as Question);
  const answerable = questions.filter((question) => !question.unanswerable);
  expect(answerable.length).toBe(40);
  expect(questions.length - answerable.length).toBe(15);
  const missing: string[] = [];
  for (const { question, mustMention = [], sourceIds = [] } of answerable) {
    expect(sourceIds, question).not.toEqual([]);
    for (const sourceId of sourceIds) {
      const text = await textOf(sourceId);
      for (const words of mustMention) if (!text.includes(words.toLowerCase())) missing.push(`${sourceId}: ${words}`);
    }
  }
  expect(missing).toEqual([]);
});

/** A document's lower-case source; for a PDF the text it is set from, since its own strings are encoded. */
async function textOf(sourceId: string): Promise<string> {
  const slug = sourceId.slice(0, sourceId.indexOf("/"));
  const id = sourceId.slice(slug.length + 1);
  if (slug === "guidelines") {
    const markdown = new URL(`./guidelines-text/${basename(id, ".pdf")}.md`, import.meta.url);
    return (await readFile(markdown, "utf8")).toLowerCase();
  }
  const samples: Map<string, Sample[]> = allSamples;
  return (
    samples
      .get(slug)
      ?.find((sample) => sample.id === id)
      ?.raw.toLowerCase() ?? ""
  );
}
