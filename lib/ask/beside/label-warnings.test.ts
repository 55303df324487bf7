import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureCollection, listCollections, type NewDocument, writeDocuments } from "#db/index.ts";
import { makeDocument } from "#db/testing/corpus.ts";
import type { Deps } from "../../deps.ts";
import { openTestDeps } from "../../testing/deps.ts";
import { drugNameCandidates } from "./drug-names.ts";
import { findLabelWarnings } from "./label-warnings.ts";

const serious = "WARNING: SERIOUS BLEEDING. Warfarin can cause fatal bleeding. Check the INR regularly.";
const against =
  "Pregnancy, except with mechanical valves. Active bleeding 😀 of any kind. Malignant hypertension. Hypersensitivity.";

let deps: Deps;
const slugs: Record<string, string> = {};

/** A label with a boxed warning and contraindications at their real offsets. */
function makeLabel(id: string, drug: string, change: Partial<NewDocument> & { boxed?: string; against?: string } = {}) {
  const { boxed = serious, against: not = against, ...rest } = change;
  const use = "😀 Indications. This drug is used in adults.";
  const parts = [
    ["Indications", use],
    ["Boxed warning", boxed],
    ["Contraindications", not],
  ].filter(([, text]) => text !== "") as [string, string][];
  const document = makeDocument(
    id,
    parts.map(([, text]) => text),
    {
      title: `${drug} tablets`,
      evidenceLevel: "label",
      names: [{ kind: "substance", surface: drug, canonical: drug }],
      ...rest,
    },
  );
  const sections = parts.map(([label, text]) => {
    const start = document.text.indexOf(text);
    const isBox = label === "Boxed warning";
    return { label, path: [label], start, end: start + text.length, page: null, ...(isBox && { boxed: true }) };
  });
  return { ...document, sections };
}

async function addCollection(name: string, sourceType: "drug_label" | "guideline", documents: NewDocument[]) {
  slugs[name] = `c-${randomUUID()}`;
  const collection = await ensureCollection(deps.database, {
    slug: slugs[name],
    title: "Labels",
    description: "",
    sourceType,
    embeddingProvider: "test",
    embeddingModel: "hashed",
    embeddingDimensions: 8,
    chunkSettings: {},
  });
  await writeDocuments(deps.database, collection, documents);
}

beforeAll(async () => {
  deps = await openTestDeps();
  const brand = { kind: "brand", surface: "coumadin", canonical: "warfarin" } as const;
  const substance = { kind: "substance", surface: "warfarin", canonical: "warfarin" } as const;
  const both = ["warfarin", "aspirin"].map((name) => ({ kind: "substance", surface: name, canonical: name }) as const);
  await addCollection("labels", "drug_label", [
    makeLabel("old", "warfarin", { publishedOn: "2015-01-01", boxed: "Old warning about this drug." }),
    makeLabel("new", "warfarin", { publishedOn: "2024-01-01", names: [substance, brand] }),
    makeLabel("gone", "warfarin", { publishedOn: "2025-01-01", status: "withdrawn", boxed: "Withdrawn words here." }),
    makeLabel("pair", "warfarin", { publishedOn: "2025-06-01", names: both, boxed: "Combination words here." }),
    makeLabel("paracetamol", "acetaminophen", { boxed: "", against: "Severe liver disease. Hypersensitivity." }),
    makeLabel("none", "loratadine", { boxed: "", against: "None." }),
  ]);
  const unnamed = makeLabel("old-way", "lisinopril", { names: [], metadata: { genericName: "LISINOPRIL DIHYDRATE" } });
  await addCollection("unnamed", "drug_label", [unnamed]);
  await addCollection("guidelines", "guideline", [makeLabel("guideline", "ramipril", { evidenceLevel: "guideline" })]);
});
afterAll(() => deps?.close());

async function warned(question: string, ...names: string[]) {
  const all = await listCollections(deps.database, null);
  const chosen = (names.length > 0 ? names : ["labels"]).map((name) => slugs[name]);
  const collections = all.filter(({ slug }) => chosen.includes(slug));
  return findLabelWarnings(deps, { question, collections });
}
const quotes = (warnings: Awaited<ReturnType<typeof warned>>, kind: string) =>
  warnings.filter((one) => one.kind === kind).flatMap(({ citations }) => citations.map(({ quote }) => quote));

describe("a drug that the question names", () => {
  test.each(["warfarin", "Coumadin", "WARFARIN", "warfarina"])(
    "%s: the newest current label of the drug alone warns",
    async (name) => {
      const warnings = await warned(`How is ${name} given after a stroke?`);
      expect(warnings.map(({ kind, drug }) => [kind, drug])).toEqual([
        ["boxed_warning", "warfarin"],
        ["contraindication", "warfarin"],
      ]);
      expect(new Set(warnings.flatMap(({ citations }) => citations.map(({ sourceId }) => sourceId)))).toEqual(
        new Set(["new"]),
      );
      expect(quotes(warnings, "boxed_warning").join(" ")).toBe(serious);
    },
  );

  test("every quote stands in its document at its offsets, and is whole sentences", async () => {
    const citations = (await warned("warfarin and bleeding")).flatMap((warning) => warning.citations);
    const { rows } = await deps.database.pool.query<{ id: string; text: string }>(
      "select id::text, text from documents",
    );
    for (const { documentId, start, end, quote } of citations) {
      expect(rows.find(({ id }) => id === documentId)?.text.slice(start, end)).toBe(quote);
      expect(quote).toMatch(/[.!:]$/);
    }
    expect(citations.length).toBeGreaterThan(2);
  });

  test("contraindications that speak of what was asked come alone, else the first two", async () => {
    expect(quotes(await warned("Is warfarin safe in pregnancy?"), "contraindication")).toEqual([
      "Pregnancy, except with mechanical valves.",
    ]);
    expect(quotes(await warned("What is the dose of warfarin?"), "contraindication")).toHaveLength(2);
  });

  test("a name of another country finds its label", async () => {
    const warnings = await warned("How much paracetamol in liver disease?");
    expect(warnings).toMatchObject([{ kind: "contraindication", drug: "acetaminophen" }]);
    expect(quotes(warnings, "contraindication")).toEqual(["Severe liver disease."]);
  });

  test("labels whose names were not learnt are found by their records", async () => {
    expect(await warned("Is lisinopril safe?", "unnamed")).toHaveLength(2);
  });
});

describe("nothing is shown", () => {
  test.each([
    ["for a drug without a label", "Is zolpidem safe?"],
    ["for no drug", "How is asthma treated?"],
    ["for a label without warnings", "What is the dose of loratadine?"],
    ["for a part of a word", "warfarinize and unwarfarin"],
  ])("%s", async (_, question) => {
    expect(await warned(question)).toEqual([]);
  });
  test("when no labels are searched", async () => {
    expect(await warned("Is ramipril safe? And warfarin?", "guidelines")).toEqual([]);
  });
});

test("names are bounded in number, whatever the question's length", () => {
  expect(drugNameCandidates("drug ".repeat(400)).length).toBeLessThan(50);
  expect(drugNameCandidates(Array.from({ length: 400 }, (_, at) => `word${at}`).join(" ")).length).toBeLessThan(1_000);
});
