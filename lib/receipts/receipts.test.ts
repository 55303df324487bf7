import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findCollection } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { type ModelServer, startModelServer } from "../chat-models/testing/index.ts";
import { createConversation, regenerateAnswer } from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import { type QuestionFilters, receiptView } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { addDocuments, makeCorpus, makeViewer, openTestDeps, withModel } from "../testing/deps.ts";
import { handWritten, modelLine, warfarinQuestion, warfarinQuote } from "../testing/hand-written.ts";
import { getReceipt } from "./index.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("receipts on embedded Postgres and memory", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl)
  describe("receipts on a real Postgres and Redis", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
else
  describe.skip("receipts on a real Postgres and Redis (skipped: DATABASE_URL or REDIS_URL is not set)", () =>
    suite(() => openTestDeps()));

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let viewer: Viewer;
  let server: ModelServer | undefined;

  beforeAll(async () => {
    deps = await open();
    viewer = await makeViewer(deps);
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  afterAll(() => deps?.close());

  /** A question on a corpus of its own, asked and answered. */
  async function answered(with_: Deps = deps, question = warfarinQuestion, filters: QuestionFilters = {}) {
    const slug = await makeCorpus(deps, handWritten);
    const posted = await createConversation(with_, viewer, { question, collections: [slug], filters });
    await deps.running.get(posted.answer.id)?.done;
    const add = async (document: { id: string; title: string; text: string }) => {
      const collection = await findCollection(deps.database, null, slug);
      if (!collection) throw new Error("the collection is not there");
      await addDocuments(deps, collection, [document]);
    };
    return { slug, conversationId: posted.conversationId, answerId: posted.answer.id, add };
  }

  const remove = (slug: string, sourceId: string) =>
    deps.database.pool.query(
      `delete from documents d using collections c where c.id = d.collection_id and c.slug = $1 and d.source_id = $2`,
      [slug, sourceId],
    );

  test("a receipt says what was asked, searched and supplied", async () => {
    const filters = { asOf: "2024-06-01" };
    const { slug, conversationId, answerId } = await answered(deps, warfarinQuestion, filters);
    const receipt = await getReceipt(deps, viewer, conversationId, answerId);
    expect(receiptView.parse(receipt)).toEqual(receipt);
    expect(receipt).toMatchObject({
      messageId: answerId,
      question: warfarinQuestion,
      status: "answered",
      mode: "extractive",
      model: null,
      promptVersion: null,
      reranker: null,
      origin: "made",
      filters,
      understanding: { searchText: expect.stringContaining("warfarin") },
      timings: { total: expect.any(Number) },
    });
    const [searched, ...others] = receipt.collections;
    expect(others).toEqual([]);
    expect(searched).toMatchObject({ slug, title: "Hand-written", version: searched?.versionNow });
    const [first] = receipt.passages;
    expect(first).toMatchObject({
      number: 1,
      collection: slug,
      sourceId: "warfarin",
      title: "Warfarin in atrial fibrillation",
      cited: true,
      standing: "unchanged",
      status: "current",
    });
    expect(first?.hash).toMatch(/^[\da-f]{16,}$/);
    expect(first?.dense).toBeGreaterThan(0);
    expect(Date.parse(receipt.askedAt)).toBeLessThanOrEqual(Date.parse(receipt.answeredAt));
  });

  test("it shows the versions then and now, and which passages read as they did", async () => {
    const { slug, conversationId, answerId, add } = await answered();
    const before = await getReceipt(deps, viewer, conversationId, answerId);
    await add({ id: "warfarin", title: "Warfarin in atrial fibrillation", text: "Warfarin starts at 4 mg daily." });
    const after = await getReceipt(deps, viewer, conversationId, answerId);
    expect(after.collections[0]?.version).toBe(before.collections[0]?.version);
    expect(after.collections[0]?.versionNow).toBeGreaterThan(before.collections[0]?.version ?? Infinity);
    expect(after.passages[0]).toMatchObject({ sourceId: "warfarin", standing: "changed", status: "current" });
    expect(after.passages[0]?.hash).toBe(before.passages[0]?.hash);
    await remove(slug, "warfarin");
    const gone = (await getReceipt(deps, viewer, conversationId, answerId)).passages[0];
    expect(gone).toMatchObject({ standing: "gone", status: "withdrawn", documentId: null });
    expect(gone).toMatchObject({ title: "Warfarin in atrial fibrillation", sourceId: "warfarin", collection: slug });
  });

  test("a document that was retracted since carries its mark", async () => {
    const { conversationId, answerId } = await answered();
    const before = await getReceipt(deps, viewer, conversationId, answerId);
    await deps.database.pool.query(
      "update documents set status = 'retracted', status_note = 'Data lost.' where id = $1",
      [before.passages[0]?.documentId],
    );
    const after = await getReceipt(deps, viewer, conversationId, answerId);
    expect(after.passages[0]).toMatchObject({ standing: "unchanged", status: "retracted", statusNote: "Data lost." });
  });

  test("a written answer's names its model and prompt, and each answer to a question has its own", async () => {
    server = await startModelServer({ reply: () => modelLine("Begin with 5 mg daily.", warfarinQuote) });
    const model = await withModel(deps, server.url);
    const { conversationId, answerId } = await answered(model);
    expect(await getReceipt(deps, viewer, conversationId, answerId)).toMatchObject({
      mode: "written",
      model: model.chatModel?.name,
      promptVersion: expect.stringMatching(/./),
    });
    const { answer } = await regenerateAnswer(deps, viewer, conversationId, answerId);
    await deps.running.get(answer.id)?.done;
    expect(await getReceipt(deps, viewer, conversationId, answer.id)).toMatchObject({
      mode: "extractive",
      model: null,
    });
  });

  test("it is for the participants of the conversation alone", async () => {
    const { conversationId, answerId } = await answered();
    const colleague = await makeViewer(deps, viewer.tenantId);
    const stranger = await makeViewer(deps);
    const elsewhere = await answered();
    for (const [who, conversation, message] of [
      [colleague, conversationId, answerId],
      [stranger, conversationId, answerId],
      [viewer, elsewhere.conversationId, answerId],
      [viewer, conversationId, randomUUID()],
      [viewer, "no-id", answerId],
      [viewer, conversationId, "' or true --"],
    ] as const)
      await expect(getReceipt(deps, who, conversation, message)).rejects.toThrow(NotFoundError);
  });

  test("a receipt that an earlier version of the application stored can still be read", async () => {
    const { conversationId, answerId } = await answered();
    await deps.database.pool.query(
      `update answer_receipts set settings = '{}', passages = (
         select jsonb_agg(p - 'title' - 'section' - 'sourceId' - 'collection') from jsonb_array_elements(passages) p)
       where message_id = $1`,
      [answerId],
    );
    expect(await getReceipt(deps, viewer, conversationId, answerId)).toMatchObject({
      origin: null,
      understanding: null,
      filters: {},
      passages: [{ title: "Warfarin in atrial fibrillation", sourceId: "warfarin" }],
    });
  });
}
