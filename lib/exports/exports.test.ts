import { Cite } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-ris";
import mammoth from "mammoth";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findCollection } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { createConversation, getConversation, postMessage } from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { addDocuments, makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { warfarinQuestion, warfarinQuote } from "../testing/hand-written.ts";
import type { ExportedConversation } from "./gather.ts";
import { exportConversation, exportFormats } from "./index.ts";

let slug: string;
let deps: Deps;
let viewer: Viewer;
let conversationId: string;
let firstAnswer: string;

const warfarin = {
  id: "warfarin",
  title: "Warfarin ≥ 5 mg [a trial]: what_now?",
  text: `${warfarinQuote} Adults over 75 years start at 2.5 mg daily.`,
  publishedOn: "2024-02",
  identifiers: ["pmid:123", "doi:10.1000/warfarin"],
  metadata: {
    volume: "12",
    issue: "3",
    pages: "101–109",
    authorNames: [{ family: "van der Berg", given: "Anna" }, { literal: "The Clot Group" }],
  },
};
const metformin = {
  id: "metformin",
  title: "Metformin and kidney function",
  text: "Stop metformin when the eGFR is below 30 mL/min.\n\n![x](https://evil.example/x.png) <img src=x> metformin [click](javascript:alert(1)) eGFR below.",
  publishedOn: "2023",
};

beforeAll(async () => {
  deps = await openTestDeps();
  viewer = await makeViewer(deps);
  slug = await makeCorpus(deps, [warfarin, metformin]);
  const ask = { question: warfarinQuestion, collections: [slug] };
  const posted = await createConversation(deps, viewer, ask);
  conversationId = posted.conversationId;
  firstAnswer = posted.answer.id;
  await finished();
  await postMessage(deps, viewer, conversationId, {
    question: "Stop metformin when the eGFR is below what?",
    collections: [slug],
  });
  await finished();
  const unanswerable = { question: "Which antibiotic treats pneumonia in children?", collections: [slug] };
  await postMessage(deps, viewer, conversationId, unanswerable);
  await finished();
  const collection = await findCollection(deps.database, viewer.tenantId, slug);
  if (!collection) throw new Error("the corpus is gone");
  await addDocuments(deps, collection, [{ ...metformin, status: "retracted" }]);
});
afterAll(() => deps?.close());

async function finished() {
  await Promise.all([...deps.running.values()].map(({ done }) => done));
}

async function text(format: string, messageId?: string): Promise<string> {
  const { bytes } = await exportConversation(deps, viewer, conversationId, { format, messageId });
  return new TextDecoder().decode(bytes);
}

async function json(messageId?: string): Promise<ExportedConversation> {
  return JSON.parse(await text("json", messageId));
}

/** What every written form has to say, in whatever form. */
function expectWhole(written: string) {
  const flat = written.replace(/\\(?=[^A-Za-z0-9\s])/g, "").replace(/\s+/g, " ");
  expect(flat).toContain(warfarinQuestion);
  expect(flat).toContain(`${warfarinQuote} [1]`);
  expect(flat).toContain("Warfarin ≥ 5 mg [a trial]: what_now?");
  expect(flat).toContain("No evidence was found. Searched: Hand-written");
  expect(flat).toContain("RETRACTED");
  expect(flat).toContain("Changed since this was answered: Metformin and kidney function (retracted)");
  expect(flat).toMatch(/do not replace clinical judgement/);
}

describe("the written forms", () => {
  test("JSON numbers every cited document once, through all answers, with its quotes", async () => {
    const { turns, references } = await json();
    expect(turns.map(({ question }) => question)).toHaveLength(3);
    expect(references.map(({ number, item }) => [number, item.title])).toEqual([
      [1, warfarin.title],
      [2, metformin.title],
    ]);
    const used = turns.flatMap(({ answer }) => answer?.sentences.flatMap(({ numbers }) => numbers) ?? []);
    expect(new Set(used)).toEqual(new Set([1, 2]));
    expect(references[0]?.quotes.map((quote) => quote.text)).toContain(warfarinQuote);
    expect(turns[0]).toMatchObject({ askedBy: "A Person", answer: { status: "answered" } });
    expect(turns[2]?.answer).toMatchObject({ status: "gap", sentences: [] });
  });

  test("Markdown says it all and lets no text become markup", async () => {
    const written = await text("markdown");
    expectWhole(written);
    expect(written).not.toMatch(/(?<!\\)!\[|(?<!\\)\[click|<img|https:\/\/evil/);
  });

  test("PDF holds it as text, references and page numbers included", async () => {
    const { bytes, mediaType, fileName } = await exportConversation(deps, viewer, conversationId, { format: "pdf" });
    expect(mediaType).toBe("application/pdf");
    expect(fileName).toMatch(/^[\w-]+\.pdf$/);
    const { text: pages } = await extractText(await getDocumentProxy(bytes), { mergePages: true });
    expectWhole(pages);
    expect(pages).toMatch(/1 \/ \d/);
  });

  test("DOCX is read back by another library", async () => {
    const { bytes } = await exportConversation(deps, viewer, conversationId, { format: "docx" });
    const { value, messages } = await mammoth.extractRawText({ buffer: Buffer.from(bytes) });
    expectWhole(value);
    expect(messages).toEqual([]);
  });

  test("plain text is the answer with its references, ready to be pasted", async () => {
    const written = await text("text", firstAnswer);
    expect(written).toBe(
      `${warfarin.title}\n${warfarinQuote} [1]\n\nReferences\n1. ${(await json(firstAnswer)).references[0]?.text}\n`,
    );
  });

  test("one answer comes with its own question and sources alone", async () => {
    const { turns, references } = await json(firstAnswer);
    expect(turns.map(({ question }) => question)).toEqual([warfarinQuestion]);
    expect(references.map(({ item }) => item.title)).toEqual([warfarin.title]);
  });
});

describe("the sources", () => {
  test("RIS is read back with authors, pages, DOI and mark", async () => {
    const written = await text("ris");
    expect(written.match(/^TY {2}- /gm)).toHaveLength(2);
    for (const line of ["AU  - van der Berg, Anna", "DO  - 10.1000/warfarin", "PY  - 2024", "N1  - RETRACTED"])
      expect(written).toContain(line);
    const [first] = new Cite(written).data;
    expect(first).toMatchObject({ title: warfarin.title, DOI: "10.1000/warfarin" });
  });

  test("BibTeX is read back, nothing of a title lost", async () => {
    const { data } = new Cite(await text("bibtex"));
    expect(data.map(({ title }) => String(title).replace(/<[^>]+>/g, ""))).toEqual([warfarin.title, metformin.title]);
    expect(data[1]).toMatchObject({ note: expect.stringMatching(/^RETRACTED/) });
  });

  test("CSL-JSON holds what the record had", async () => {
    const [first, second] = JSON.parse(await text("csl"));
    expect(first).toMatchObject({
      title: warfarin.title,
      DOI: "10.1000/warfarin",
      PMID: "123",
      page: "101-109",
      issued: { "date-parts": [[2024, 2]] },
    });
    expect(second.note).toMatch(/^RETRACTED/);
  });

  test("the list is in Vancouver style, marks in brackets", async () => {
    const { references } = await json();
    expect(references[0]?.text).toMatch(/^van der Berg A, The Clot Group\. Warfarin ≥ 5 mg \[a trial\]: what_now\?/);
    expect(references[1]?.text).toMatch(/\[RETRACTED.*\]$/);
  });
});

describe("who may take it away", () => {
  test.each(exportFormats)("%s is for participants alone", async (format) => {
    const colleague = await makeViewer(deps, viewer.tenantId);
    for (const other of [colleague, await makeViewer(deps)]) {
      await expect(exportConversation(deps, other, conversationId, { format })).rejects.toThrow(NotFoundError);
    }
  });

  test("a message of another conversation, a question, an unknown form and no id are refused", async () => {
    const { messages } = await getConversation(deps, viewer, conversationId);
    const other = await makeViewer(deps);
    const foreign = await createConversation(deps, other, { question: "What is the target INR?" });
    await finished();
    for (const messageId of [foreign.answer.id, messages[0]?.id, "nonsense"]) {
      const asked = exportConversation(deps, viewer, conversationId, { format: "json", messageId });
      await expect(asked).rejects.toThrow(NotFoundError);
    }
    await expect(exportConversation(deps, viewer, conversationId, { format: "exe" })).rejects.toThrow(
      InvalidInputError,
    );
    await expect(exportConversation(deps, viewer, "../x", { format: "json" })).rejects.toThrow(NotFoundError);
  });
});

test("with several versions the one that opens is written, and JSON holds all", async () => {
  const posted = await createConversation(deps, viewer, { question: warfarinQuestion, collections: [slug] });
  await finished();
  await postMessage(deps, viewer, posted.conversationId, {
    question: "When is metformin stopped?",
    collections: [slug],
    parentId: null,
  });
  await finished();
  const read = async (format: string) =>
    new TextDecoder().decode((await exportConversation(deps, viewer, posted.conversationId, { format })).bytes);
  const written = await read("markdown");
  expect(written).toContain("When is metformin stopped?");
  expect(written).not.toContain(`## ${warfarinQuestion}`);
  expect(written).toContain("2 messages of other versions are left out");
  expect(JSON.parse(await read("json")).turns).toHaveLength(2);
});
