import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { dropCollection, findCollection } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { type ModelServer, startModelServer } from "../chat-models/testing/index.ts";
import { createConversation, getConversation, postMessage } from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { addDocuments, makeCorpus, makeViewer, openTestDeps, withModel } from "../testing/deps.ts";
import { handWritten, modelLine, warfarinQuestion, warfarinQuote } from "../testing/hand-written.ts";
import { replayAnswer } from "./index.ts";

let deps: Deps;
let viewer: Viewer;
let server: ModelServer | undefined;

beforeAll(async () => {
  deps = await openTestDeps();
  viewer = await makeViewer(deps);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => deps?.close());

async function collectionOf(slug: string) {
  const collection = await findCollection(deps.database, null, slug);
  if (!collection) throw new Error("the collection is not there");
  return collection;
}

async function answered(with_: Deps = deps, question = warfarinQuestion) {
  const slug = await makeCorpus(deps, handWritten);
  const posted = await createConversation(with_, viewer, {
    question,
    collections: [slug],
    filters: { asOf: "2024-06-01" },
  });
  await deps.running.get(posted.answer.id)?.done;
  return { slug, id: posted.answer.id, conversationId: posted.conversationId };
}

describe("a replay", () => {
  test("of an answer to which nothing has happened is the same, and leaves the conversation as it was", async () => {
    const { slug, id, conversationId } = await answered();
    const before = await getConversation(deps, viewer, conversationId);
    const replay = await replayAnswer(deps, id);
    expect(replay).toMatchObject({
      messageId: id,
      question: warfarinQuestion,
      isSame: true,
      changed: [],
      status: { before: "answered", now: "answered" },
      passages: { isChanged: false, moved: [], gone: [], added: [] },
      sentences: { gone: [], added: [] },
    });
    expect(replay.sentences.same).toBeGreaterThan(0);
    expect(replay.passages.same).toBeGreaterThan(0);
    const [versions] = replay.collections;
    expect(versions).toEqual({ slug, before: versions?.now, now: expect.any(Number) });
    expect(await getConversation(deps, viewer, conversationId)).toEqual(before);
  });

  test("after an ingest of something else tells the versions, and is the same", async () => {
    const { slug, id } = await answered();
    const unrelated = { id: "new", title: "Sepsis", text: "Sepsis needs fluids within one hour." };
    await addDocuments(deps, await collectionOf(slug), [unrelated]);
    const replay = await replayAnswer(deps, id);
    expect(replay).toMatchObject({ isSame: true, changed: [] });
    expect(replay.collections[0]?.now).toBeGreaterThan(replay.collections[0]?.before ?? Number.POSITIVE_INFINITY);
  });

  test("shows the sentence and the passage that an update took away, and what came instead", async () => {
    const { slug, id } = await answered();
    const text = "The starting dose of warfarin in atrial fibrillation is 4 mg daily.";
    const title = "Warfarin in atrial fibrillation";
    await addDocuments(deps, await collectionOf(slug), [{ id: "warfarin", title, text, publishedOn: "2024-03" }]);
    const replay = await replayAnswer(deps, id);
    expect(replay).toMatchObject({ isSame: false, changed: ["passages", "sentences"] });
    expect(replay.passages.gone).toMatchObject([{ sourceId: "warfarin", reason: "changed", place: 1, title }]);
    expect(replay.passages.added).toMatchObject([{ sourceId: "warfarin", place: 1 }]);
    expect(replay.sentences.gone).toContainEqual({ text: warfarinQuote, sources: [`${slug}/warfarin`] });
    expect(replay.sentences.added).toEqual([{ text, sources: [`${slug}/warfarin`] }]);
  });

  test("after a retraction is a gap, and says which document was retracted", async () => {
    const { slug, id } = await answered();
    await deps.database.pool.query(
      `update documents d set status = 'retracted' from collections c
       where c.id = d.collection_id and c.slug = $1 and d.source_id = 'warfarin'`,
      [slug],
    );
    const replay = await replayAnswer(deps, id);
    expect(replay).toMatchObject({ isSame: false, status: { before: "answered", now: "gap" } });
    expect(replay.changed).toEqual(expect.arrayContaining(["status", "passages", "sentences"]));
    expect(replay.passages.gone).toMatchObject([{ sourceId: "warfarin", reason: "outranked", status: "retracted" }]);
  });

  test("asks the same filters, collections and earlier questions", async () => {
    const { slug, id } = await answered();
    const later = {
      id: "later",
      title: "Warfarin in atrial fibrillation, anew",
      text: warfarinQuote,
      publishedOn: "2025-01",
    };
    await addDocuments(deps, await collectionOf(slug), [later]);
    const again = await replayAnswer(deps, id);
    expect(again.filters).toEqual({ asOf: "2024-06-01" });
    expect(again.passages.added.filter(({ sourceId }) => sourceId === "later")).toEqual([]);
    const all = await createConversation(deps, viewer, { question: warfarinQuestion, collections: [] });
    await deps.running.get(all.answer.id)?.done;
    await makeCorpus(deps, handWritten); // was not there to be searched
    expect((await replayAnswer(deps, all.answer.id)).isSame).toBe(true);
    const { answer } = await postMessage(deps, viewer, all.conversationId, { question: "What is its target INR?" });
    await deps.running.get(answer.id)?.done;
    const followUp = await replayAnswer(deps, answer.id);
    expect(followUp.searchText.now).toBe(followUp.searchText.before);
    expect(followUp.searchText.now).toContain("warfarin");
  });

  test("with a model tells another model and other sentences", async () => {
    let said = "Begin with 5 mg daily.";
    server = await startModelServer({ reply: () => modelLine(said, warfarinQuote) });
    const model = await withModel(deps, server.url);
    const { id, slug } = await answered(model);
    expect(await replayAnswer(model, id)).toMatchObject({ isSame: true });
    said = "Warfarin begins at 5 mg daily.";
    const other = await withModel(deps, server.url);
    const replay = await replayAnswer(other, id);
    expect(replay).toMatchObject({
      changed: ["model", "sentences"],
      model: { before: model.chatModel?.name, now: other.chatModel?.name },
      sentences: {
        same: 0,
        gone: [{ text: "Begin with 5 mg daily.", sources: [`${slug}/warfarin`] }],
        added: [{ text: said }],
      },
    });
    expect((await replayAnswer(deps, id)).changed).toEqual(expect.arrayContaining(["model", "promptVersion"]));
  });

  test("that cannot be compared is an error that says why", async () => {
    await expect(replayAnswer(deps, randomUUID())).rejects.toThrow(NotFoundError);
    await expect(replayAnswer(deps, "no id")).rejects.toThrow(NotFoundError);
    const { slug, id } = await answered();
    await dropCollection(deps.database, (await collectionOf(slug)).id);
    await expect(replayAnswer(deps, id)).rejects.toThrow(`None of the collections that were searched is left: ${slug}`);
    server = await startModelServer({ reply: () => ({ status: 500, message: "down" }) });
    const broken = await withModel(deps, server.url);
    await expect(replayAnswer(broken, (await answered()).id)).rejects.toThrow(InvalidInputError);
  });
});
