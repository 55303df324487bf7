import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ModelReply, type ModelServer, startModelServer } from "../../chat-models/testing/index.ts";
import { chooseCollections } from "../../collections/index.ts";
import type { Deps } from "../../deps.ts";
import { makeCorpus, openTestDeps, withModel } from "../../testing/deps.ts";
import type { SearchedCollection } from "../passage.ts";
import { understandQuestion } from "./index.ts";
import { rewriteWithModel } from "./with-model.ts";

let deps: Deps;
let collections: SearchedCollection[];
let server: ModelServer | undefined;

const documents = [
  "Aspirin after myocardial infarction lowers mortality. Myocardial infarction is treated with clopidogrel and stents.",
  "Myocardial infarction in adults: beta blockers.",
  "Repair of mitral insufficiency of the mitral valve.",
  "Pulmonary embolism is treated with anticoagulants: warfarin or apixaban.",
  "Magnesium in pre-eclampsia of pregnancy.",
  "Anemia in chronic kidney disease is treated with iron. Anemia of pregnancy.",
  "Hypertension in chronic kidney disease. COPD is treated with inhalers. COPD and chronic obstructive pulmonary disease.",
  "Acetaminophen overdose is treated with acetylcysteine. Acetaminophen harms the liver.",
  "Warfarin and metformin. Warfarin has interactions. Prednisolone and hydralazine in adults.",
  "Heart attack signs in women.",
  "Zibotanib trials were small.",
];

beforeAll(async () => {
  deps = await openTestDeps();
  const slug = await makeCorpus(
    deps,
    documents.map((text, at) => ({ id: `d${at}`, title: `Document ${at}`, text })),
  );
  collections = await chooseCollections(deps.database, null, [slug]);
  await deps.database.pool.query(
    `insert into document_names (document_id, collection_id, kind, surface, canonical)
     select d.id, d.collection_id, name.kind, name.surface, name.canonical from documents d, (values
       ('d8', 'brand', 'coumadin', 'warfarin'), ('d8', 'substance', 'warfarin', 'warfarin'),
       ('d10', 'substance', 'zibotanib', 'zibotanib'), ('d9', 'entry_term', 'coronary thrombosis', 'heart attack'),
       ('d5', 'abbreviation', 'xkd', 'chronic kidney disease'), ('d6', 'abbreviation', 'xkd', 'chronic kidney disease')
     ) name(source_id, kind, surface, canonical) where d.source_id = name.source_id and d.collection_id = $1`,
    [collections[0]?.id],
  );
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => deps?.close());

const understood = (question: string, earlierQuestions: string[] = [], own: Deps = deps) =>
  understandQuestion(own, { question, earlierQuestions, collections });
const changesOf = async (question: string, earlier: string[] = []) =>
  (await understood(question, earlier)).changes.map(({ kind, from, to }) => `${kind}: ${from} = ${to}`);

describe("abbreviations", () => {
  test("one that no document writes is searched with what it stands for", async () => {
    const { searchText, changes } = await understood("Does HTN worsen kidney disease?");
    expect(searchText).toBe("Does HTN (hypertension) worsen kidney disease?");
    expect(changes).toEqual([{ kind: "abbreviation", from: "HTN", to: "hypertension" }]);
  });
  test.each([
    ["Is aspirin given after MI?", "myocardial infarction"],
    ["When is the valve repaired in MI with prolapse?", "mitral insufficiency"],
    ["Is apixaban as good as heparin for PE?", "pulmonary embolism"],
    ["Who gets magnesium in PE during pregnancy?", "pre-eclampsia"],
  ])("the question's other words say what is meant: %s", async (question, long) => {
    expect((await changesOf(question)).map((change) => change.split(" = ")[1])).toContain(long);
  });
  test.each([
    ["What is MI?", "no word points to a reading"],
    ["Which inhalers are used in COPD?", "the documents write it themselves"],
    ["Is hypertension (HTN) common?", "whoever asks has spelled it out"],
    ["Does it help all women or men?", "small words are no abbreviations"],
    ["DOES HYPERTENSION HARM THE KIDNEYS?", "the question is written in capitals"],
  ])("%s stays: %s", async (question) => {
    expect(await understood(question)).toMatchObject({ searchText: question, changes: [] });
  });
  test("one that several documents spell out alike is learnt from them", async () => {
    expect(await changesOf("Is iron given in XKD?")).toEqual(["abbreviation: XKD = chronic kidney disease"]);
  });
});

describe("drug names", () => {
  test("a brand is searched with the substance of its label", async () => {
    expect((await understood("Is Coumadin safe?")).searchText).toBe("Is Coumadin (warfarin) safe?");
    expect(await changesOf("Is Coumadin (warfarin) safe?")).toEqual([]);
  });
  test("a drug's other official name is searched where the documents use it", async () => {
    expect(await changesOf("How is paracetamol overdose treated?")).toEqual(["drug_name: paracetamol = acetaminophen"]);
    expect(await changesOf("How is acetaminophen overdose treated?")).toEqual([]);
  });
  test.each([
    ["Interactions of warfrin?", "warfarin"],
    ["Interactions of metfromin?", "metformin"],
    ["Overdose of acetylcystiene?", "acetylcysteine"],
    ["Trials of zibotanip?", "zibotanib"],
  ])("a misspelt one is read as the one name near it: %s", async (question, name) => {
    const { changes, searchText } = await understood(question);
    expect(changes).toMatchObject([{ kind: "spelling", to: name }]);
    expect(searchText).toContain(name);
  });
  test.each(["hydroxyzine", "prednisone", "hydralazine", "clonazepam", "clonidine", "vincristine", "Coumadin-like"])(
    "a known name is never changed into another, held by documents or not: %s",
    async (name) => {
      const { changes } = await understood(`Interactions of ${name}?`);
      expect(changes.filter(({ kind }) => kind === "spelling")).toEqual([]);
    },
  );
  test("between two look-alikes nothing is guessed", async () => {
    expect(await changesOf("Interactions of prednisolne?")).toEqual([]);
    expect(await changesOf("Interactions of hydroxizine?")).not.toContain("spelling: hydroxizine = hydralazine");
  });
});

describe("other names and spellings", () => {
  test("a condition is searched under the name that documents give it", async () => {
    expect(await changesOf("What are signs of coronary thrombosis?")).toEqual([
      "entry_term: coronary thrombosis = heart attack",
    ]);
  });
  test("the documents' spelling takes the place of the other side's", async () => {
    expect((await understood("Is anaemia treated?")).searchText).toBe("Is anemia treated?");
    expect(await changesOf("Is anemia treated?")).toEqual([]);
  });
});

describe("follow-ups without a model", () => {
  const before = ["What is the starting dose of warfarin in atrial fibrillation?"];
  test.each([
    ["And in pregnancy?", "warfarin atrial fibrillation: And in pregnancy?"],
    ["The dose?", "warfarin atrial fibrillation: The dose?"],
    ["what about children", "warfarin atrial fibrillation: what about children"],
    ["Is it safe in older adults?", "warfarin atrial fibrillation: Is it safe in older adults?"],
    ["What about apixaban?", "atrial fibrillation: What about apixaban?"],
  ])("%s", async (question, searchText) => {
    expect(await understood(question, before)).toMatchObject({
      searchText,
      changes: [{ kind: "carried", from: question, to: searchText }],
    });
  });
  test("the subject is found several turns back", async () => {
    const { searchText } = await understood("And in children?", [...before, "And in pregnancy?", "The dose?"]);
    expect(searchText).toBe("warfarin atrial fibrillation: And in children?");
  });
  test.each(["What is the dose of apixaban in severe kidney failure?", "Asthma steps in adults"])(
    "a question with its own subject stays alone: %s",
    async (question) => expect((await understood(question, before)).searchText).toBe(question),
  );
  test("a first question stays as it is", async () => {
    expect((await understood("And why?")).searchText).toBe("And why?");
  });
});

describe("with a model", () => {
  const before = ["What is the dose of warfarin in atrial fibrillation?"];
  const asked = async (reply: ModelReply, question = "And in pregnancy?", earlier = before) => {
    server = await startModelServer({ reply: () => reply });
    return understood(question, earlier, await withModel(deps, server.url));
  };
  const byRules = { searchText: "warfarin atrial fibrillation: And in pregnancy?", parts: [] };

  test("a follow-up becomes a question of its own, from the questions alone", async () => {
    const to = "What is the dose of warfarin in atrial fibrillation in pregnancy?";
    expect(await asked(JSON.stringify({ question: to, parts: [] }))).toMatchObject({
      searchText: to,
      changes: [{ kind: "standalone", from: "And in pregnancy?", to }],
    });
    const told = server?.requests[0]?.messages.map(({ content }) => content).join("\n") ?? "";
    expect(told).toContain("- And in pregnancy?");
    expect(told).not.toContain("Zibotanib");
  });
  test("a broad question is split", async () => {
    const question = "What are the benefits and the harms of warfarin?";
    const parts = ["What are the benefits of warfarin?", "What are the harms of warfarin?"];
    expect(await asked(`Here: ${JSON.stringify({ question, parts })}`, question, [])).toMatchObject({
      searchText: question,
      parts,
      changes: [],
    });
  });
  test.each<[string, ModelReply]>([
    ["another drug", JSON.stringify({ question: "What is the dose of apixaban in pregnancy?", parts: [] })],
    ["a drug that only the documents know", JSON.stringify({ question: "Is zibotanib safe in pregnancy?", parts: [] })],
    ["a drug of a class", JSON.stringify({ question: "Is novelolol safe in pregnancy?", parts: [] })],
    ["a number", JSON.stringify({ question: "Is warfarin 5 mg safe in pregnancy?", parts: [] })],
    ["a brand", JSON.stringify({ question: "Is warfarin or Xanadu safe in pregnancy?", parts: [] })],
    [
      "a number in a part",
      JSON.stringify({ question: "Is warfarin safe in pregnancy?", parts: ["Is it safe?", "At 3 months?"] }),
    ],
    ["no JSON", "Sure! It depends."],
    ["another form", JSON.stringify({ query: "warfarin pregnancy" })],
    ["too many parts", JSON.stringify({ question: "Is warfarin safe?", parts: ["a b", "c d", "e f", "g h"] })],
    ["an error", { status: 500 }],
  ])("falls back to the rules on %s", async (_what, reply) => {
    expect(await asked(reply)).toMatchObject(byRules);
  });
  test("is waited for no longer than its limit", async () => {
    const released = Promise.withResolvers<string>();
    server = await startModelServer({ reply: () => released.promise });
    const { chatModel } = await withModel(deps, server.url);
    const model = chatModel?.model as Parameters<typeof rewriteWithModel>[0]["model"];
    const input = {
      model,
      question: "And in pregnancy?",
      earlierQuestions: before,
      drugNames: async () => [],
      timeLimit: 50,
    };
    await expect(rewriteWithModel(input)).rejects.toThrow();
    released.resolve("{}");
  });
  test("is not asked about a short first question", async () => {
    expect((await asked("{}", "What is asthma?", [])).searchText).toBe("What is asthma?");
    expect(server?.requests).toEqual([]);
  });
});

describe("languages", () => {
  test.each([
    ["¿Qué es la diabetes?", ["english", "spanish"]],
    ["Que es la diabetes", ["english", "spanish"]],
    ["por qué la presión sube", ["english", "spanish"]],
    ["What is diabetes?", ["english"]],
    ["Is La Crosse encephalitis seasonal?", ["english"]],
  ])("of “%s”", async (question, configs) => {
    expect((await understood(question)).configs).toEqual(configs);
  });
});
