import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { reserveUsage, selectModelUsage, selectSpent, settleUsage } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { type ModelServer, type ModelServerScript, startModelServer } from "../chat-models/testing/index.ts";
import { createConversation, getConversation, regenerateAnswer, stopAnswer } from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import { ForbiddenError, InvalidInputError, ProbatumError } from "../errors.ts";
import { makeCorpus, makeViewer, openTestDeps, withModel } from "../testing/deps.ts";
import { handWritten, modelLine, warfarinQuestion, warfarinQuote } from "../testing/hand-written.ts";
import { readBudgets, setBudgets } from "./index.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;
// 1,000 tokens of a prompt cost 2,000 millionths of a dollar, 50 of an answer 500.
const env = { MODEL_INPUT_PRICE: "2", MODEL_OUTPUT_PRICE: "10", ANSWERS_PER_USER: "2" };
const used = { prompt_tokens: 1_000, completion_tokens: 50 };

describe("usage and budgets on embedded Postgres and memory", () => suite(() => openTestDeps({ env })));
if (databaseUrl && redisUrl)
  describe("usage and budgets on a real Postgres and Redis", () =>
    suite(() => openTestDeps({ databaseUrl, redisUrl, env })));
else
  describe.skip("usage and budgets on a real Postgres and Redis (skipped: not set)", () => suite(() => openTestDeps()));

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let viewer: Viewer;
  let owner: Viewer;
  let slug: string;
  let server: ModelServer | undefined;

  beforeAll(async () => {
    deps = await open();
    slug = await makeCorpus(deps, handWritten);
  });
  beforeEach(async () => {
    viewer = await makeViewer(deps);
    owner = { ...(await makeViewer(deps, viewer.tenantId)), role: "owner" };
  });
  afterEach(async () => {
    await Promise.all([...deps.running.values()].map(({ done }) => done));
    await server?.close();
    server = undefined;
  });
  afterAll(() => deps?.close());

  async function modelThat(reply: ModelServerScript["reply"]): Promise<Deps> {
    server = await startModelServer({ ...(reply && { reply }) });
    return withModel(deps, server.url);
  }
  const writing = () => modelThat(() => ({ text: modelLine("Begin with 5 mg daily.", warfarinQuote), usage: used }));

  const ask = (with_: Deps, question = warfarinQuestion) =>
    createConversation(with_, viewer, { question, collections: [slug] });
  async function answered(with_: Deps, question?: string) {
    const { conversationId, answer } = await ask(with_, question);
    await deps.running.get(answer.id)?.done;
    const { messages } = await getConversation(deps, viewer, conversationId);
    return { conversationId, id: answer.id, answer: messages.find(({ id }) => id === answer.id)?.answer };
  }
  const usage = () => selectModelUsage(deps.database, viewer.tenantId, "2000-01-01");

  test("what an answer used is counted by day and model, what comes from the cache is not", async () => {
    const model = await writing();
    await answered(model);
    await answered(model);
    expect(await usage()).toEqual([
      {
        day: new Date().toISOString().slice(0, 10),
        model: model.chatModel?.name,
        questions: 2,
        inputTokens: 1_000,
        outputTokens: 50,
        costMicros: 2_500,
      },
    ]);
    await answered(deps);
    expect((await usage()).map(({ model, questions, inputTokens }) => [model, questions, inputTokens])).toContainEqual([
      "",
      1,
      0,
    ]);
  });

  test("an answer that is stopped has used what it was asked and had said", async () => {
    const gate = Promise.withResolvers<void>();
    async function* pieces() {
      yield modelLine("Begin with 5 mg daily.", warfarinQuote);
      await gate.promise;
    }
    const model = await modelThat(() => ({ text: pieces() }));
    const { conversationId, answer } = await ask(model);
    await expect
      .poll(async () => (await getConversation(deps, viewer, conversationId)).messages.at(-1)?.answer?.sentences.length)
      .toBe(1);
    await stopAnswer(model, viewer, conversationId, answer.id);
    await deps.running.get(answer.id)?.done;
    gate.resolve();
    const [counted] = await usage();
    expect(counted?.inputTokens).toBeGreaterThan(300);
    expect(counted?.outputTokens).toBeGreaterThan(10);
  });

  test("past a budget the sources are quoted, the model is not asked, and the answer says so", async () => {
    const model = await writing();
    await setBudgets(deps, owner, { dailyTokens: 1_000, monthlyCostMicros: null });
    const first = await answered(model);
    expect(first.answer).toMatchObject({ mode: "written", notice: null });
    expect(server?.requests).toHaveLength(1);

    const second = await answered(model, "What is the target INR of warfarin in atrial fibrillation?");
    expect(second.answer).toMatchObject({ mode: "extractive", status: "answered", model: null });
    expect(second.answer?.notice).toMatch(/today's budget .* quotes the sources word for word/);
    expect(second.answer?.sentences.length).toBeGreaterThan(0);
    expect(server?.requests).toHaveLength(1);

    await setBudgets(deps, owner, { dailyTokens: null, monthlyCostMicros: 2_500 });
    const { answer } = await regenerateAnswer(model, viewer, second.conversationId, second.id);
    await deps.running.get(answer.id)?.done;
    const { messages } = await getConversation(deps, viewer, second.conversationId);
    expect(messages.find(({ id }) => id === answer.id)?.answer?.notice).toMatch(/this month's budget/);
    expect(server?.requests).toHaveLength(1);

    await setBudgets(deps, owner, { dailyTokens: null, monthlyCostMicros: 1_000_000 });
    expect((await answered(model, "Which starting dose of warfarin is given to adults over 75?")).answer?.mode).toBe(
      "written",
    );
    // Another tenant's budget is its own.
    expect((await selectSpent(deps.database, randomUUID())).dailyTokens).toBe(0);
  });

  test("of twenty questions at once that find a little left, one gets it", async () => {
    await setBudgets(deps, owner, { dailyTokens: 1, monthlyCostMicros: null });
    const aside = { tokens: 13_500, costMicros: 0, seconds: 60 };
    const all = await Promise.all(
      Array.from({ length: 20 }, () => reserveUsage(deps.database, viewer.tenantId, aside)),
    );
    const reserved = all.flatMap((one) => (one.budget === "reserved" ? [one.id] : []));
    expect(reserved).toHaveLength(1);
    expect(all.filter(({ budget }) => budget === "spent")).toHaveLength(19);
    const asked = { model: "m", questions: 1, inputTokens: 0, outputTokens: 0, costMicros: 0 };
    await settleUsage(deps.database, viewer.tenantId, asked, reserved[0] ?? null);
    expect(await selectSpent(deps.database, viewer.tenantId)).toEqual({ dailyTokens: 0, monthlyCostMicros: 0 });
    expect(await reserveUsage(deps.database, viewer.tenantId, { ...aside, seconds: 0 })).toMatchObject({
      budget: "reserved",
    });
    // What a dead process set aside is free after its time.
    expect(await reserveUsage(deps.database, viewer.tenantId, aside)).toMatchObject({ budget: "reserved" });
  });

  test("so many answers are made at once for one person, and the next as soon as one ends", async () => {
    const gate = Promise.withResolvers<void>();
    async function* pieces() {
      await gate.promise;
      yield modelLine("Begin with 5 mg daily.", warfarinQuote);
    }
    const model = await modelThat(() => ({ text: pieces() }));
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) => ask(model, `${warfarinQuestion} Case ${at}, please.`)),
    );
    const refused = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toHaveLength(6);
    for (const error of refused) {
      expect(error).toBeInstanceOf(ProbatumError);
      expect(error).toMatchObject({ status: 429, code: "too_many_at_once", headers: { "Retry-After": "5" } });
      expect(error.message).toMatch(/2 of your questions are still being answered/);
    }
    gate.resolve();
    await Promise.all([...deps.running.values()].map(({ done }) => done));
    await expect.poll(() => ask(model).then(() => "taken")).toBe("taken");
  });

  test("budgets are for those who set up their tenant, whole numbers or none, and recorded", async () => {
    await expect(readBudgets(deps, viewer)).rejects.toThrow(ForbiddenError);
    await expect(setBudgets(deps, viewer, { dailyTokens: 1, monthlyCostMicros: 1 })).rejects.toThrow(ForbiddenError);
    for (const wrong of [-1, 1.5, 1e16, "5"])
      await expect(setBudgets(deps, owner, { dailyTokens: wrong, monthlyCostMicros: null })).rejects.toThrow(
        InvalidInputError,
      );
    const view = await setBudgets(deps, owner, { dailyTokens: 5, monthlyCostMicros: null });
    expect(view).toMatchObject({ dailyTokens: 5, monthlyCostMicros: null, prices: { input: 2, output: 10 } });
    const { rows } = await deps.database.pool.query(
      "select action, details from audit_log where tenant_id = $1 order by id",
      [viewer.tenantId],
    );
    expect(rows.filter(({ action }) => action === "settings.budgets")).toEqual([
      { action: "settings.budgets", details: { dailyTokens: 5, monthlyCostMicros: null } },
    ]);
    expect(rows.filter(({ action }) => action === "denied")).toHaveLength(2);
  });
}
