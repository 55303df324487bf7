import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ModelServer, startModelServer } from "#lib/chat-models/testing/index.ts";
import type { Deps } from "#lib/deps.ts";
import type { AnswerResult } from "#lib/domain.ts";
import { makeCorpus, openTestDeps, withModel } from "#lib/testing/deps.ts";
import { handWritten, modelLine, warfarinQuestion, warfarinQuote } from "#lib/testing/hand-written.ts";
import { halfOf } from "../halves.ts";
import { type AnswerCase, answerCase, readCases, sampleCases } from "./cases.ts";
import { isEntailed, judge, type Outcome } from "./judge.ts";
import { measure } from "./measure.ts";
import { preparePubmedqa } from "./pubmedqa.ts";
import { asTable, isMissed, rounded } from "./report.ts";
import { runCases } from "./run.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "probatum-cases-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const caseOf = (change: object = {}): AnswerCase =>
  answerCase.parse({ id: "a", question: "Why?", expectation: "answered", ...change });

describe("cases", () => {
  const read = async (...lines: string[]) => {
    const file = join(folder, "cases.jsonl");
    await writeFile(file, lines.join("\n"));
    return readCases(file);
  };
  const line = JSON.stringify({ id: "a", question: "Why?", expectation: "gap" });

  test("ours are many, of every kind, and fall into both halves", async () => {
    const cases = await readCases(sampleCases);
    expect(cases.length).toBeGreaterThanOrEqual(60);
    for (const expectation of ["answered", "gap", "redirected"] as const)
      expect(cases.filter((each) => each.expectation === expectation).length).toBeGreaterThanOrEqual(10);
    for (const kind of ["emergency", "personal", "not_medical"] as const)
      expect(cases.some(({ redirection }) => redirection === kind)).toBe(true);
    for (const tag of ["es", "follow-up"])
      expect(cases.filter(({ tags }) => tags.includes(tag)).length).toBeGreaterThan(3);
    for (const each of cases.filter(({ expectation }) => expectation === "answered")) {
      expect(each.mustInclude.length, each.id).toBeGreaterThan(0);
      expect(each.sources.length, each.id).toBeGreaterThan(0);
    }
    const tune = cases.filter(({ id }) => halfOf(id) === "tune").length;
    expect(Math.min(tune, cases.length - tune)).toBeGreaterThan(cases.length / 3);
  });
  test("empty lines are none", async () => {
    expect(await read(line, "", " ")).toHaveLength(1);
  });
  test.each([
    ["no JSON", [line, "{"], /line 2: no JSON/],
    ["a mistyped field", [line.replace("expectation", "expected")], /line 1.*expect/s],
    [
      "a pattern that is none",
      [JSON.stringify({ id: "b", question: "?", expectation: "answered", mustInclude: ["("] })],
      /regular expression/,
    ],
    [
      "statements for a gap",
      [JSON.stringify({ id: "b", question: "?", expectation: "gap", mustInclude: ["a"] })],
      /only an answered case/,
    ],
    ["an id that comes twice", [line, line], /“a” comes twice/],
    ["nothing", [""], /no case/],
  ])("%s is an error that says where", async (_, lines, message) => {
    await expect(read(...lines)).rejects.toThrow(message);
  });
});

describe("judging an answer", () => {
  const text = "Warfarin starts at 5 mg daily in adults. Older adults start lower.";
  const documents = async (id: string) => (id === "1" ? text : null);
  const citation = (quote: string, change: object = {}) => ({
    number: 1,
    collection: "guidelines",
    collectionTitle: "Guidelines",
    documentId: "1",
    sourceId: "g1",
    title: "Warfarin in adults – samples",
    section: null,
    page: null,
    quote,
    start: text.indexOf(quote),
    end: text.indexOf(quote) + quote.length,
    publishedOn: null,
    evidenceLevel: "guideline" as const,
    status: "current" as const,
    isSample: false,
    ...change,
  });
  const quoted = "Warfarin starts at 5 mg daily in adults.";
  const answer = (sentences: { text: string; citations: object[] }[], change: object = {}) =>
    ({
      status: "answered",
      sentences: sentences.map((sentence, index) => ({ index, group: null, ...sentence })),
      dropped: [],
      redirection: null,
      ...change,
    }) as unknown as AnswerResult;
  const judged = (result: AnswerResult, change: object = {}) => judge(caseOf(change), result, documents, 5);

  test("a sentence stands on a quote that is where it says and holds its numbers and words", async () => {
    const result = answer([{ text: "Adults start warfarin at 5 mg daily.", citations: [citation(quoted)] }]);
    expect(await judged(result)).toMatchObject({
      sentences: 1,
      supported: 1,
      citations: 1,
      valid: 1,
      isExpected: true,
    });
  });
  test.each([
    ["at another place", "Adults start warfarin at 5 mg daily.", { start: 1, end: 1 + quoted.length }],
    ["in a document that is not there", "Adults start warfarin at 5 mg daily.", { documentId: "2" }],
    ["without its number", "Adults start warfarin at 50 mg daily.", {}],
    ["without its unit", "Adults start warfarin at 5 g daily.", {}],
    ["about something else", "Metformin causes lactic acidosis rarely.", {}],
  ])("a quote %s is no support", async (_, said, change) => {
    const result = answer([
      { text: said, citations: [citation(quoted, change)] },
      { text: quoted, citations: [citation(quoted)] },
    ]);
    expect(await judged(result)).toMatchObject({ sentences: 2, supported: 1, citations: 2, valid: 1 });
  });
  test("a citation beside a right one must have to do with the sentence", async () => {
    const other = citation("Older");
    const result = answer([{ text: "Warfarin starts at 5 mg.", citations: [citation(quoted), other] }]);
    expect(await judged(result)).toMatchObject({ citations: 2, valid: 1, supported: 1 });
  });
  test("a sentence without quotes is entailed by nothing", () => {
    expect(isEntailed("Warfarin.", [])).toBe(false);
  });
  test("statements, sources and what must not be said", async () => {
    const result = answer([{ text: quoted, citations: [citation(quoted)] }]);
    const change = {
      mustInclude: ["5 MG", "7 mg"],
      mustNotInclude: ["daily"],
      sources: ["guidelines/warfarin in adults"],
    };
    expect(await judged(result, change)).toMatchObject({
      covered: 0.5,
      isForbidden: true,
      hitsSource: true,
      leadsWithSource: true,
    });
    const second = { text: quoted, citations: [citation(quoted, { sourceId: "g9", title: "Other" })] };
    const later = answer([second, { text: quoted, citations: [citation(quoted)] }]);
    expect(await judged(later, change)).toMatchObject({ hitsSource: true, leadsWithSource: false });
    expect(await judged(result, { sources: ["guidelines/g1"] })).toMatchObject({ hitsSource: true, covered: null });
    for (const source of ["guidelines/g2", "drug_labels/g1"])
      expect(await judged(result, { sources: [source] })).toMatchObject({ hitsSource: false });
  });
  test("a redirection must be of the right kind", async () => {
    const redirected = answer([], { status: "redirected", redirection: { kind: "personal", title: "", text: "" } });
    const wanted = (kind?: string) => ({ expectation: "redirected", ...(kind && { redirection: kind }) });
    expect(await judged(redirected, wanted("personal"))).toMatchObject({ isExpected: true });
    expect(await judged(redirected, wanted())).toMatchObject({ isExpected: true });
    expect(await judged(redirected, wanted("emergency"))).toMatchObject({ isExpected: false });
    expect(await judged(redirected)).toMatchObject({ isExpected: false });
  });
});

describe("measures", () => {
  const outcome = (change: Partial<Outcome>): Outcome => ({
    id: "a",
    expectation: "answered",
    status: "answered",
    tags: [],
    isExpected: true,
    sentences: 2,
    supported: 2,
    citations: 2,
    valid: 2,
    dropped: 0,
    covered: 1,
    hitsSource: true,
    leadsWithSource: true,
    isForbidden: false,
    milliseconds: 1,
    ...change,
  });
  const none = {
    sentences: 0,
    supported: 0,
    citations: 0,
    valid: 0,
    covered: null,
    hitsSource: null,
    leadsWithSource: null,
  };
  const outcomes = [
    outcome({ supported: 1, valid: 1, milliseconds: 9 }),
    outcome({ dropped: 2 }),
    outcome({ ...none, status: "gap", isExpected: false, covered: 0, hitsSource: false }),
    outcome({ ...none, expectation: "gap", status: "gap" }),
    outcome({ expectation: "gap", isExpected: false, covered: null, hitsSource: null }),
    outcome({ ...none, expectation: "gap", status: "redirected", isExpected: false }),
    outcome({ ...none, expectation: "redirected", status: "redirected" }),
    outcome({ ...none, expectation: "redirected", status: "gap", isExpected: false, id: "missed" }),
  ];
  const measures = measure(outcomes);

  test("are means over the questions that bear on them", () => {
    const of = (name: keyof typeof measures) => {
      const measured = measures[name];
      return typeof measured === "object" && measured ? [measured.mean, measured.questions] : measured;
    };
    expect(of("citationPrecision")).toEqual([2.5 / 3, 3]);
    expect(of("citationRecall")).toEqual([2.5 / 3, 3]);
    expect(of("coverage")).toEqual([2 / 3, 3]);
    expect(of("sourceHit")).toEqual([2 / 3, 3]);
    expect(of("sourceFirst")).toEqual([1, 2]);
    expect(of("abstention")).toEqual([2 / 3, 3]);
    expect(of("falseAbstention")).toEqual([1 / 3, 3]);
    expect(of("redirection")).toEqual([1 / 2, 2]);
    expect(of("falseRedirection")).toEqual([1 / 6, 6]);
    expect(of("droppedShare")).toEqual([0.5 / 3, 3]);
    expect(measures.dropped).toBe(2);
  });
  test("have intervals around them, and none where there is nothing to measure", () => {
    expect(measures.coverage?.low).toBeLessThan(measures.coverage?.mean ?? 0);
    expect(measures.coverage?.high).toBeGreaterThan(measures.coverage?.mean ?? 1);
    expect(measure([outcome({})])).toMatchObject({ abstention: null, redirection: null });
  });
  test("are shown with the cases that went otherwise", () => {
    const table = asTable("set", measures, outcomes);
    expect(table).toMatch(/\| citation precision \| 83\.3 \[[\d.]+, [\d.]+\] \| 3 \|/);
    expect(table).toContain("missed: expected redirected, gap");
    expect(outcomes.filter(isMissed)).toHaveLength(4);
    expect(rounded({ share: 2 / 3, list: [1 / 3], none: null })).toEqual({ share: 0.6667, list: [0.3333], none: null });
  });
});

describe("a run", () => {
  let deps: Deps;
  let server: ModelServer | undefined;
  beforeAll(async () => {
    deps = await openTestDeps();
  });
  afterAll(async () => {
    await server?.close();
    await deps?.close();
  });

  test("asks the application, quotes exactly and says what it cannot answer", async () => {
    const slug = await makeCorpus(deps, handWritten);
    const cases = [
      { id: "warfarin", question: warfarinQuestion, mustInclude: ["5 mg daily"], sources: [`${slug}/warfarin`] },
      { id: "none", question: "Is zolpidem safe while breastfeeding?", expectation: "gap" },
    ].map((each) => caseOf({ collections: [slug], ...each }));
    const seen: number[] = [];
    const outcomes = await runCases(deps, cases, { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([1, 2]);
    expect(measure(outcomes)).toMatchObject({
      citationPrecision: { mean: 1 },
      citationRecall: { mean: 1 },
      coverage: { mean: 1 },
      sourceHit: { mean: 1 },
      abstention: { mean: 1 },
      falseAbstention: { mean: 0 },
    });
  });

  test("counts what is dropped of a model's answer, and does not measure one that failed", async () => {
    const slug = await makeCorpus(deps, handWritten);
    let broken = false;
    server = await startModelServer({
      reply: () =>
        broken
          ? { status: 400, message: "no" }
          : modelLine("Begin with 5 mg daily.", warfarinQuote) + modelLine("Begin with 50 mg daily.", warfarinQuote),
    });
    const model = await withModel(deps, server.url);
    const cases = [caseOf({ question: warfarinQuestion, collections: [slug], mustNotInclude: ["50 mg"] })];
    const [outcome] = await runCases(model, cases);
    expect(outcome).toMatchObject({ sentences: 1, dropped: 1, isForbidden: false, isExpected: true });
    broken = true;
    await expect(runCases(model, cases)).rejects.toThrow("“a” was not answered");
  });

  test("over abstracts of PubMedQA's form cites the abstract that the question was made for", async () => {
    const file = join(folder, "qa.json");
    const entry = (QUESTION: string, ...CONTEXTS: string[]) => ({ QUESTION, CONTEXTS, final_decision: "yes" });
    await writeFile(
      file,
      JSON.stringify({
        "1": entry(
          "Does zinc shorten colds in adults?",
          "Zinc was given to adults with colds.",
          "Zinc shortened colds in adults by two days.",
        ),
        "2": entry(
          "Do ear tubes improve hearing in children?",
          "Ear tubes improved hearing in children within a month.",
        ),
      }),
    );
    const cases = await preparePubmedqa(deps, file);
    expect(cases.map(({ id, sources }) => [id, sources])).toEqual([
      ["1", ["pubmedqa/1"]],
      ["2", ["pubmedqa/2"]],
    ]);
    const outcomes = await runCases(deps, cases);
    expect(outcomes).toMatchObject([
      { status: "answered", hitsSource: true },
      { status: "answered", hitsSource: true },
    ]);
    await writeFile(file, JSON.stringify([1]));
    await expect(preparePubmedqa(deps, file)).rejects.toThrow(/no PubMedQA file/);
  });
});
