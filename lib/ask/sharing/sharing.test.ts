import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type CollectionRow, findCollection } from "#db/index.ts";
import { type ModelServer, startModelServer } from "../../chat-models/testing/index.ts";
import type { Deps } from "../../deps.ts";
import { health } from "../../health.ts";
import { addDocuments, HashedEmbeddings, makeCorpus, makeViewer, openTestDeps, withModel } from "../../testing/deps.ts";
import { handWritten, modelLine, warfarinQuestion, warfarinQuote } from "../../testing/hand-written.ts";
import { type AnswerEvent, type AskRequest, ask, openAnswerMemory } from "../index.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("answers on embedded Postgres and memory", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl)
  describe("answers on a real Postgres and Redis", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
else
  describe.skip("answers on a real Postgres and Redis (skipped: DATABASE_URL or REDIS_URL is not set)", () =>
    suite(() => openTestDeps()));

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let tenantId: string;
  let slug: string;
  let server: ModelServer | undefined;

  beforeAll(async () => {
    deps = await open();
    ({ tenantId } = await makeViewer(deps));
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  afterAll(() => deps?.close());

  async function corpus(): Promise<CollectionRow> {
    slug = await makeCorpus(deps, handWritten);
    return (await findCollection(deps.database, null, slug)) as CollectionRow;
  }

  const request = (change: Partial<AskRequest> = {}): AskRequest => ({
    tenantId,
    question: warfarinQuestion,
    collections: [slug],
    earlierQuestions: [],
    ...change,
  });

  async function run(with_: Deps, change: Partial<AskRequest> = {}, seen?: (event: AnswerEvent) => void) {
    const events: AnswerEvent[] = [];
    for await (const event of ask(with_, request(change))) {
      events.push(event);
      seen?.(event);
    }
    const last = events.at(-1);
    if (last?.type !== "done") throw new Error("the last event is not `done`");
    const details = events.flatMap((event) => (event.type === "stage" && event.detail ? [event.detail] : []));
    const receipts = events.flatMap((event) => (event.type === "receipt" ? [event.receipt] : []));
    return { events, details, result: last.result, receipt: receipts[0] };
  }

  /** A model that says one sentence, then waits to be let go on, and then the second. */
  async function waitingModel() {
    const gates: PromiseWithResolvers<void>[] = [];
    server = await startModelServer({
      reply: ({ stream }) => {
        if (!stream) return ""; // asked for something else than an answer
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        async function* pieces() {
          yield modelLine("Begin with 5 mg daily.", warfarinQuote);
          await gate.promise;
          yield modelLine("The INR is 2.0–3.0.", "The target INR is 2.0–3.0.");
        }
        return { text: pieces() };
      },
    });
    const model = { ...(await withModel(deps, server.url)), answers: openAnswerMemory() };
    return { model, requests: server.requests, letGo: (at = 0) => gates[at]?.resolve() };
  }

  const texts = ({ result }: { result: { sentences: { text: string }[] } }) => result.sentences.map(({ text }) => text);
  const both = ["Begin with 5 mg daily.", "The INR is 2.0–3.0."];
  const signalOf = () => {
    const controller = new AbortController();
    const sentence = Promise.withResolvers<void>();
    const seen = (event: AnswerEvent) => event.type === "sentence" && sentence.resolve();
    return { controller, seen, sentence: sentence.promise };
  };

  describe("simultaneous equal questions", () => {
    beforeAll(corpus);

    test("are one call of the model, whose whole stream everybody gets; the next one is kept", async () => {
      const { model, requests, letGo } = await waitingModel();
      const first = signalOf();
      const one = run(model, {}, first.seen);
      await first.sentence;
      const late = signalOf();
      const two = run(model, { question: warfarinQuestion.toUpperCase() }, late.seen);
      await late.sentence;
      letGo();
      const [left, right] = await Promise.all([one, two]);
      expect(texts(left)).toEqual(both);
      const bare = ({ events }: typeof left) => events.filter(({ type }) => type !== "done" && type !== "receipt");
      expect(bare(right)).toEqual(bare(left));
      expect([left.receipt?.settings.origin, right.receipt?.settings.origin]).toEqual(["made", "shared"]);
      expect(right.receipt?.passages).toEqual(left.receipt?.passages);
      expect((await run(model)).details).toContain("from the cache");
      expect(requests).toHaveLength(1);
      expect(model.answers.counts).toEqual({ exact: 1, like: 0, shared: 1, missed: 1 });
      expect((await health(model)).answers).toEqual({ exact: 1, like: 0, shared: 1, missed: 1, hitRate: 0.667 });
    });

    test("one asker's stop keeps what they saw and leaves the others their answer", async () => {
      const { model, requests, letGo } = await waitingModel();
      const [stops, stays] = [signalOf(), signalOf()];
      const stopped = run(model, { signal: stops.controller.signal }, stops.seen);
      const whole = run(model, { signal: stays.controller.signal }, stays.seen);
      await Promise.all([stops.sentence, stays.sentence]);
      stops.controller.abort();
      const { result, receipt } = await stopped;
      expect(result).toMatchObject({ status: "stopped", sentences: [{ text: both[0] }], error: null, mode: "written" });
      expect(receipt?.passages.length).toBeGreaterThan(0);
      letGo();
      expect((await whole).result.status).toBe("answered");
      expect(texts(await whole)).toEqual(both);
      expect(await requests[0]?.ended).toBe("complete");
    });

    test("the last one's stop ends the model's work, and nothing of it is kept", async () => {
      const { model, requests, letGo } = await waitingModel();
      const askers = [signalOf(), signalOf()];
      const runs = askers.map(({ controller, seen }) => run(model, { signal: controller.signal }, seen));
      await Promise.all(askers.map(({ sentence }) => sentence));
      for (const { controller } of askers) controller.abort();
      for (const each of await Promise.all(runs)) expect(each.result.status).toBe("stopped");
      expect(await requests[0]?.ended).toBe("broken");
      const again = signalOf();
      const after = run(model, {}, again.seen);
      await again.sentence;
      letGo(1);
      expect(texts(await after)).toEqual(both);
      expect(requests).toHaveLength(2);
    });

    test("a question asked afresh joins nobody, and another tenant's or filter's is its own", async () => {
      const { model, requests, letGo } = await waitingModel();
      const others: Partial<AskRequest>[] = [
        {},
        { fresh: true },
        { tenantId: (await makeViewer(deps)).tenantId },
        { filters: { languages: ["en"] } },
        { earlierQuestions: ["Is vitamin E safe?"] },
      ];
      const runs = others.map((change) => {
        const { seen, sentence } = signalOf();
        return { done: run(model, change, seen), sentence };
      });
      await Promise.all(runs.map(({ sentence }) => sentence));
      expect(requests.filter(({ stream }) => stream)).toHaveLength(others.length);
      for (const at of others.keys()) letGo(at);
      for (const { done } of runs) expect(texts(await done)).toEqual(both);
    });

    test("a storage error reaches everybody who waits", async () => {
      const failing = {
        ...deps,
        answers: openAnswerMemory(),
        embeddingsOf: () => Promise.reject(new Error("no model")),
      };
      const runs = await Promise.allSettled([run(failing), run(failing)]);
      expect(runs.map((each) => each.status === "rejected" && each.reason.message)).toEqual(["no model", "no model"]);
    });
  });

  describe("an ingest", () => {
    test("makes the next answer new, and what was being made while it wrote is not kept for later", async () => {
      const collection = await corpus();
      const { model, requests, letGo } = await waitingModel();
      const { seen, sentence } = signalOf();
      const straddling = run(model, {}, seen);
      await sentence;
      await addDocuments(deps, collection, [
        { id: "new", title: "Sepsis", text: "Sepsis needs fluids within one hour." },
      ]);
      const joined = signalOf();
      const after = run(model, {}, joined.seen); // neither joins the old one nor finds it
      await joined.sentence;
      letGo(0);
      expect(texts(await straddling)).toEqual(both);
      letGo(1);
      const renewed = await after;
      expect(renewed.receipt?.corpusVersions[slug]).toBeGreaterThan(
        (await straddling).receipt?.corpusVersions[slug] ?? Number.POSITIVE_INFINITY,
      );
      expect(requests).toHaveLength(2);
      expect((await run(model)).details).toContain("from the cache");
      expect(requests).toHaveLength(2);
    });
  });

  describe("the cache of like questions", () => {
    const inOtherWords = "In atrial fibrillation, what is the starting dose of warfarin?";
    beforeAll(corpus);

    function semantic(state: "on" | "off" = "on") {
      let embedded = 0;
      class Counting extends HashedEmbeddings {
        override embedQuery = async (text: string) => {
          embedded += 1;
          const [vector] = await this.embedDocuments([text]);
          return vector as number[];
        };
      }
      const embeddings = new Counting();
      const own: Deps = {
        ...deps,
        answers: openAnswerMemory(),
        env: { ...deps.env, SEMANTIC_CACHE: state },
        embeddingsOf: async () => embeddings,
      };
      return { own, embedded: () => embedded };
    }

    test("gives the answer to a question of the same meaning, says so, and embeds each question once", async () => {
      const { own, embedded } = semantic();
      const own_ = { tenantId: (await makeViewer(deps)).tenantId };
      const first = await run(own, own_);
      expect(embedded()).toBe(1);
      const second = await run(own, { ...own_, question: inOtherWords });
      expect(second.details).toEqual(["answer to a like question"]);
      expect(second.result.sentences).toEqual(first.result.sentences);
      expect(second.result.understanding?.searchText).toBe(inOtherWords);
      expect(second.receipt).toMatchObject({
        settings: { origin: "like_question", understanding: { searchText: inOtherWords } },
        passages: first.receipt?.passages,
      });
      expect(embedded()).toBe(2);
      expect(own.answers.counts).toEqual({ exact: 0, like: 1, shared: 0, missed: 1 });
    });

    test("a gap is told about the question that was asked, not the one before", async () => {
      const { own } = semantic();
      await run(own, { question: "Is zolpidem safe while breastfeeding?" });
      const question = "While breastfeeding, is zolpidem safe?";
      const second = await run(own, { question });
      expect(second.details).toEqual(["answer to a like question"]);
      expect(second.result.gap?.question).toBe(question);
    });

    test.each([
      [
        "another dose",
        "Is 5 mg of warfarin given in atrial fibrillation?",
        "Is 50 mg of warfarin given in atrial fibrillation?",
      ],
      ["another drug", "Is warfarin given in atrial fibrillation?", "Is apixaban given in atrial fibrillation?"],
      ["the contrary", "Is warfarin given in atrial fibrillation?", "Is warfarin not given in atrial fibrillation?"],
      ["the other direction", "Switch from warfarin to apixaban?", "Switch from apixaban to warfarin?"],
    ])("%s is answered anew even where all vectors are alike", async (_, one, other) => {
      const { own } = semantic();
      const alike = new HashedEmbeddings();
      alike.embedQuery = async () =>
        (await alike.embedDocuments(["warfarin apixaban atrial fibrillation"]))[0] as number[];
      const blind = { ...own, embeddingsOf: async () => alike };
      const { tenantId: newTenant } = await makeViewer(deps);
      await run(blind, { question: one, tenantId: newTenant });
      const second = await run(blind, { question: other, tenantId: newTenant });
      expect(second.details).not.toContain("answer to a like question");
      expect(own.answers.counts).toMatchObject({ like: 0, missed: 2 });
    });

    test.each<[string, () => Promise<Partial<AskRequest>>]>([
      ["tenant", async () => ({ tenantId: (await makeViewer(deps)).tenantId })],
      ["filters", async () => ({ filters: { languages: ["en"] } })],
      ["wish for a fresh answer", async () => ({ fresh: true })],
      ["set of collections", async () => ({ collections: [slug, await makeCorpus(deps, handWritten)] })],
    ])("another %s is another scope", async (_, change) => {
      const { own } = semantic();
      await run(own);
      const second = await run(own, { question: inOtherWords, ...(await change()) });
      expect(second.details).not.toContain("answer to a like question");
      expect(second.result.status).toBe("answered");
    });

    test("is off unless it is switched on", async () => {
      expect(deps.env.SEMANTIC_CACHE).toBe("off");
      const { own } = semantic("off");
      await run(own);
      const second = await run(own, { question: `${inOtherWords} ` });
      expect(second.details).not.toContain("answer to a like question");
    });
  });

  test("neither keys nor values of a kept gap repeat the question", async () => {
    const question = "Does Ms Quillfeather tolerate zolpidem while breastfeeding?";
    expect((await run(deps, { question })).result.status).toBe("gap");
    expect((await run(deps, { question })).details).toContain("from the cache");
    const entries = deps.redis ? await everything(deps.redis) : [];
    if (deps.redis) expect(entries.some((entry) => entry.includes("answer:"))).toBe(true);
    for (const entry of entries) expect(entry).not.toContain("Does Ms Quillfeather");
  });
}

/** Every string key and value that Redis holds. */
async function everything({ commands }: NonNullable<Deps["redis"]>): Promise<string[]> {
  const keys = await commands.keys("*");
  const values = await Promise.all(
    keys.map(async (key) => ((await commands.type(key)) === "string" ? commands.get(key) : null)),
  );
  return [...keys, ...values.filter((value) => value !== null)];
}
