import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findCollection } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { type ModelReply, type ModelServer, startModelServer } from "../chat-models/testing/index.ts";
import type { Deps } from "../deps.ts";
import type { MessageView } from "../domain.ts";
import { ForbiddenError, NotFoundError, RateLimitedError } from "../errors.ts";
import { addDocuments, makeCorpus, makeViewer, openTestDeps, withModel } from "../testing/deps.ts";
import { handWritten, modelLine, warfarinQuestion, warfarinQuote } from "../testing/hand-written.ts";
import {
  archiveConversation,
  chat,
  createConversation,
  deleteConversation,
  getConversation,
  listConversations,
  listMarkedAnswers,
  postMessage,
  regenerateAnswer,
  renameConversation,
  type StreamedEvent,
  stopAnswer,
  subscribe,
  sweep,
} from "./index.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("conversations on embedded Postgres and memory", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl) {
  describe("conversations on a real Postgres and Redis", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
} else {
  describe.skip("conversations on a real Postgres and Redis (skipped: DATABASE_URL or REDIS_URL is not set)", () =>
    suite(() => openTestDeps()));
}

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let viewer: Viewer;
  let slug: string;
  let server: ModelServer | undefined;
  const ends: AbortController[] = [];

  beforeAll(async () => {
    deps = await open();
    slug = await makeCorpus(deps, handWritten);
    viewer = await makeViewer(deps);
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end.abort();
    await server?.close();
    server = undefined;
    await Promise.all([...deps.running.values()].map(({ done }) => done));
  });
  afterAll(() => deps?.close());

  const ask = (with_: Deps, question = warfarinQuestion) =>
    createConversation(with_, viewer, { question, collections: [slug] });

  /** Events after a position until the answer's `done`. */
  async function follow(id: string, after: string, answerId: string, seen?: (entry: StreamedEvent) => unknown) {
    const end = new AbortController();
    ends.push(end);
    const entries: StreamedEvent[] = [];
    for await (const entry of await subscribe(deps, viewer, id, { after, signal: end.signal })) {
      entries.push(entry);
      await seen?.(entry);
      if (entry.event.type === "done" && entry.event.messageId === answerId) break;
    }
    return entries;
  }

  async function stored(id: string, messageId: string): Promise<MessageView> {
    const { messages } = await getConversation(deps, viewer, id);
    const message = messages.find((each) => each.id === messageId);
    if (!message) throw new Error("the message is not there");
    return message;
  }

  async function citations(messageId: string) {
    const { rows } = await deps.database.pool.query(
      `select sentence_index, sentence_start, sentence_end, number, document_id, collection_slug, source_id, quote,
         quote_start, quote_end from message_citations where message_id = $1 order by id`,
      [messageId],
    );
    return rows;
  }

  async function modelThatSays(reply: () => ModelReply): Promise<Deps> {
    server = await startModelServer({ reply });
    return withModel(deps, server.url);
  }

  /** A model that says one sentence and then waits until it is let go. */
  async function waitingModel() {
    const gate = Promise.withResolvers<void>();
    async function* pieces() {
      yield modelLine("Begin with 5 mg daily.", warfarinQuote);
      await gate.promise;
      yield modelLine("The INR is 2.0–3.0.", "The target INR is 2.0–3.0.");
    }
    return { model: await modelThatSays(() => ({ text: pieces() })), letGo: gate.resolve };
  }

  test("a retraction learnt later marks the stored answer on its next view, and lists it for those who may see", async () => {
    const [told, article] = [randomUUID(), randomUUID()];
    const own = await makeCorpus(deps, [
      { id: article, title: "Warfarin in atrial fibrillation", text: warfarinQuote },
    ]);
    const posted = await createConversation(deps, viewer, { question: warfarinQuestion, collections: [own] });
    await deps.running.get(posted.answer.id)?.done;
    const today = async () => {
      const { answer } = await stored(posted.conversationId, posted.answer.id);
      return answer?.sentences.flatMap(({ citations }) => citations).map((citation) => citation.today);
    };
    const before = await today();
    expect(before?.length).toBeGreaterThan(0);
    expect(new Set(before?.map((standing) => standing?.status))).toEqual(new Set(["current"]));
    const collection = await findCollection(deps.database, null, own);
    if (!collection) throw new Error("the collection is not there");
    const links = [{ kind: "retraction_of", sourceId: article, note: null }];
    await addDocuments(deps, collection, [{ id: told, title: "Retraction", text: "Warfarin is retracted.", links }]);
    for (const standing of (await today()) ?? []) {
      expect(standing).toMatchObject({
        status: "retracted",
        revised: false,
        note: expect.stringContaining("Retraction"),
      });
    }
    const { answer } = await stored(posted.conversationId, posted.answer.id);
    expect(answer?.sentences[0]?.citations[0]?.status).toBe("current"); // what held then stays
    await expect(listMarkedAnswers(deps, viewer)).rejects.toThrow(ForbiddenError);
    const curator = { ...(await makeViewer(deps, viewer.tenantId)), role: "curator" };
    const { answers, next } = await listMarkedAnswers(deps, curator);
    expect(answers).toMatchObject([
      { messageId: posted.answer.id, conversationId: posted.conversationId, status: "retracted" },
    ]);
    expect(next).toBeNull();
    const stranger = { ...(await makeViewer(deps)), role: "administrator" };
    expect(await listMarkedAnswers(deps, stranger)).toEqual({ answers: [], next: null });
  });

  test("an answer asked for by a program says what holds of its sources today, without keeping it", async () => {
    const events = [];
    const input = { question: warfarinQuestion, collections: [slug] };
    for await (const event of chat(deps, viewer, input, new AbortController().signal)) events.push(event);
    const done = events.at(-1);
    if (done?.type !== "done") throw new Error("the answer did not end");
    const cited = done.message.answer?.sentences[0]?.citations[0];
    expect(cited?.today).toMatchObject({ status: "current", note: null, revised: false, corrections: [] });
    const { rows } = await deps.database.pool.query("select answer from messages where id = $1", [done.messageId]);
    expect(rows[0].answer.sentences[0].citations[0]).not.toHaveProperty("today");
  });

  test("a question is answered in the background, streamed, and stored with citations and receipt", async () => {
    const posted = await ask(deps);
    expect(posted.answer).toMatchObject({ status: "pending", sequenceId: 2, parentId: posted.question.id });
    const entries = await follow(posted.conversationId, posted.eventsAfter, posted.answer.id);
    expect(entries.map(({ event }) => event.type).filter((type) => type !== "stage")).toEqual([
      "message",
      "message",
      ...entries.flatMap(({ event }) => (event.type === "sentence" ? ["sentence"] : [])),
      "done",
    ]);
    const message = await stored(posted.conversationId, posted.answer.id);
    const shown = entries.flatMap(({ event }) => (event.type === "sentence" ? [event.sentence] : []));
    expect(shown.length).toBeGreaterThan(0);
    expect(message).toMatchObject({ status: "complete", answer: { status: "answered", sentences: shown } });
    expect(entries.at(-1)?.event).toEqual({ type: "done", messageId: posted.answer.id, message });
    const rows = await citations(posted.answer.id);
    expect(rows).toHaveLength(shown.flatMap((sentence) => sentence.citations).length);
    for (const row of rows) {
      const sentence = shown[row.sentence_index];
      expect(message.content.slice(row.sentence_start, row.sentence_end)).toBe(sentence?.text);
      expect(sentence?.citations).toContainEqual(
        expect.objectContaining({
          quote: row.quote,
          start: row.quote_start,
          end: row.quote_end,
          documentId: row.document_id,
        }),
      );
    }
    const receipt = await deps.database.pool.query("select * from answer_receipts where message_id = $1", [
      posted.answer.id,
    ]);
    expect(receipt.rows[0]).toMatchObject({ model: null, corpus_versions: { [slug]: 1 } });
    expect(receipt.rows[0].passages[0]).toMatchObject({ hash: expect.stringMatching(/^[\da-f]{64}$/) });
  });

  test("from any place in the stream a subscriber gets everything later, once and in order", async () => {
    const posted = await ask(deps);
    const all = await follow(posted.conversationId, posted.eventsAfter, posted.answer.id);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (let at = 0; at < all.length - 1; at += 1) {
      const later = await follow(posted.conversationId, (all[at] as StreamedEvent).id, posted.answer.id);
      expect(later).toEqual(all.slice(at + 1));
    }
  });

  test("a reader who comes in the middle misses nothing of the answer", async () => {
    const { model, letGo } = await waitingModel();
    const posted = await ask(model);
    let midway: Awaited<ReturnType<typeof getConversation>> | undefined;
    await follow(posted.conversationId, posted.eventsAfter, posted.answer.id, async ({ event }) => {
      if (event.type !== "sentence" || midway) return;
      midway = await getConversation(deps, viewer, posted.conversationId);
      letGo();
    });
    const entries = await follow(posted.conversationId, midway?.eventCursor ?? "", posted.answer.id);
    expect(entries.flatMap(({ event }) => (event.type === "sentence" ? [event.sentence.text] : []))).toEqual([
      "Begin with 5 mg daily.",
      "The INR is 2.0–3.0.",
    ]);
    expect((await getConversation(deps, viewer, posted.conversationId)).eventCursor).toBe(entries.at(-1)?.id);
  });

  test("a stop keeps what was shown, with its citations, and a second stop changes nothing", async () => {
    const { model } = await waitingModel();
    const posted = await ask(model);
    await follow(posted.conversationId, posted.eventsAfter, posted.answer.id, ({ event }) =>
      event.type === "sentence" ? stopAnswer(deps, viewer, posted.conversationId, posted.answer.id) : undefined,
    );
    const message = await stored(posted.conversationId, posted.answer.id);
    expect(message).toMatchObject({
      status: "stopped",
      content: "Begin with 5 mg daily.",
      answer: { status: "stopped" },
    });
    expect(await citations(posted.answer.id)).toMatchObject([{ source_id: "warfarin", quote: warfarinQuote }]);
    await stopAnswer(deps, viewer, posted.conversationId, posted.answer.id);
    expect(await stored(posted.conversationId, posted.answer.id)).toEqual(message);
  });

  test("a stop through another process keeps the same, and the one at work lets go", async () => {
    const { model } = await waitingModel();
    const posted = await ask(model);
    await expect
      .poll(async () => (await stored(posted.conversationId, posted.answer.id)).content, { timeout: 10_000 })
      .toBe("Begin with 5 mg daily.");
    await stopAnswer({ ...deps, running: new Map() }, viewer, posted.conversationId, posted.answer.id);
    await expect.poll(() => model.running.size, { timeout: 15_000 }).toBe(0);
    expect(await stored(posted.conversationId, posted.answer.id)).toMatchObject({
      status: "stopped",
      content: "Begin with 5 mg daily.",
      answer: { status: "stopped" },
    });
    expect(await citations(posted.answer.id)).toMatchObject([{ source_id: "warfarin" }]);
  });

  test("an answer whose process died is failed with what it had shown, and its readers are told", async () => {
    const { model, letGo } = await waitingModel();
    const posted = await ask(model);
    const told = follow(posted.conversationId, posted.eventsAfter, posted.answer.id);
    await expect
      .poll(async () => (await stored(posted.conversationId, posted.answer.id)).content, { timeout: 10_000 })
      .toBe("Begin with 5 mg daily.");
    expect(await sweep(deps, 3_600)).toBe(0);
    await deps.database.pool.query("update messages set updated_at = now() - interval '2 hours' where id = $1", [
      posted.answer.id,
    ]);
    expect(await sweep(deps, 3_600)).toBe(1);
    expect((await told).at(-1)?.event).toMatchObject({ type: "done", message: { status: "failed" } });
    expect(await citations(posted.answer.id)).toMatchObject([{ source_id: "warfarin" }]);
    letGo();
    await Promise.all([...deps.running.values()].map(({ done }) => done));
    expect(await stored(posted.conversationId, posted.answer.id)).toMatchObject({
      status: "failed",
      answer: { status: "failed", error: expect.stringContaining("Ask again") },
    });
  });

  test("after its process died, an unfinished answer sends no reader from reset to reset", async () => {
    const posted = await ask(deps);
    await follow(posted.conversationId, posted.eventsAfter, posted.answer.id);
    await deps.database.pool.query(
      `update messages set status = 'streaming', metadata = metadata || '{"eventsAfter": "1-0"}' where id = $1`,
      [posted.answer.id],
    );
    if (deps.redis) return; // there the stream outlives the process
    const { eventCursor } = await getConversation(deps, viewer, posted.conversationId);
    const end = new AbortController();
    const entries = await subscribe(deps, viewer, posted.conversationId, { after: eventCursor, signal: end.signal });
    await deps.events.append(posted.conversationId, { type: "title", title: "Next" });
    for await (const { event } of entries) {
      expect(event).toEqual({ type: "title", title: "Next" });
      end.abort();
    }
  });

  test("another answer to the same question is made anew, and the earlier one stays", async () => {
    let said = 0;
    const model = await modelThatSays(() => {
      said += 1;
      return modelLine(said === 1 ? "Begin with 5 mg daily." : "The dose is 5 mg daily.", warfarinQuote);
    });
    const posted = await ask(model);
    const id = posted.conversationId;
    await follow(id, posted.eventsAfter, posted.answer.id);
    const { answer } = await regenerateAnswer(model, viewer, id, posted.answer.id);
    expect(answer).toMatchObject({ sequenceId: 3, parentId: posted.question.id, collections: [slug] });
    await follow(id, posted.eventsAfter, answer.id);
    const { messages } = await getConversation(deps, viewer, id);
    expect(messages.map(({ content }) => content)).toEqual([
      warfarinQuestion,
      "Begin with 5 mg daily.",
      "The dose is 5 mg daily.",
    ]);
  });

  test("an answer that is still being made is not made again", async () => {
    const { model } = await waitingModel();
    const posted = await ask(model);
    await expect(regenerateAnswer(model, viewer, posted.conversationId, posted.answer.id)).rejects.toThrow(
      /Stop it first/,
    );
    await stopAnswer(deps, viewer, posted.conversationId, posted.answer.id);
  });

  test("a follow-up is stored under the next ids and searched with what came before", async () => {
    const posted = await ask(deps);
    await follow(posted.conversationId, posted.eventsAfter, posted.answer.id);
    const next = await postMessage(deps, viewer, posted.conversationId, {
      question: "And over 75 years?",
      collections: [slug],
    });
    expect([next.question.sequenceId, next.answer.sequenceId]).toEqual([3, 4]);
    await follow(posted.conversationId, next.eventsAfter, next.answer.id);
    expect((await stored(posted.conversationId, next.answer.id)).content).toContain("2.5 mg");
  });

  test("another's conversation is not found by any verb", async () => {
    const posted = await ask(deps);
    const id = posted.conversationId;
    await follow(id, posted.eventsAfter, posted.answer.id);
    const signal = new AbortController().signal;
    for (const other of [await makeViewer(deps), await makeViewer(deps, viewer.tenantId)]) {
      const attempts = {
        get: () => getConversation(deps, other, id),
        post: () => postMessage(deps, other, id, { question: "May I?" }),
        chat: () => chat(deps, other, { question: "May I?", conversationId: id }, signal).next(),
        regenerate: () => regenerateAnswer(deps, other, id, posted.answer.id),
        stop: () => stopAnswer(deps, other, id, posted.answer.id),
        subscribe: () => subscribe(deps, other, id, { signal }),
        rename: () => renameConversation(deps, other, id, { title: "Mine" }),
        archive: () => archiveConversation(deps, other, id),
        remove: () => deleteConversation(deps, other, id),
      };
      for (const [verb, attempt] of Object.entries(attempts)) {
        await expect(attempt(), verb).rejects.toBeInstanceOf(NotFoundError);
      }
      expect((await listConversations(deps, other)).conversations).toEqual([]);
    }
    for (const wrong of ["", "1", "'; drop table messages; --", randomUUID()]) {
      await expect(getConversation(deps, viewer, wrong)).rejects.toBeInstanceOf(NotFoundError);
    }
    expect(await getConversation(deps, viewer, id)).toMatchObject({ messageCount: 2, title: warfarinQuestion });
  });

  test("the sixty-first question within a minute is refused, and leaves nothing", async () => {
    const busy = await makeViewer(deps);
    for (let taken = 0; taken < 60; taken += 1) await deps.limits.take("question", busy.userId);
    const refused = createConversation(deps, busy, { question: warfarinQuestion });
    await expect(refused).rejects.toBeInstanceOf(RateLimitedError);
    await expect(refused).rejects.toMatchObject({
      status: 429,
      headers: { "Retry-After": expect.stringMatching(/^\d+$/) },
    });
    expect((await listConversations(deps, busy)).conversations).toEqual([]);
  });

  test.each([
    [{ question: "" }, /question/],
    [{ question: "???" }, /words/],
    [{ question: "x".repeat(2_001) }, /2000/],
    [{ question: "What is it?", collections: ["nowhere"] }, /nowhere/],
    [{ question: 7 }, /question/],
    [null, /./],
  ])("input that does not fit is refused with its reason: %j", async (input, reason) => {
    await expect(createConversation(deps, viewer, input)).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(reason),
    });
  });

  test("characters that no store keeps do not fail a question or a title", async () => {
    const posted = await ask(deps, `What\u0000 is the \ud800 dose?`);
    await follow(posted.conversationId, posted.eventsAfter, posted.answer.id);
    expect(posted.question.content).toBe("What is the \ufffd dose?");
    const { title } = await renameConversation(deps, viewer, posted.conversationId, { title: " A\u0000 title \n" });
    expect(title).toBe("A title");
    await expect(renameConversation(deps, viewer, posted.conversationId, { title: "\u0000" })).rejects.toMatchObject({
      status: 400,
    });
  });

  test("a conversation that is deleted while it is answered is gone, and the answer ends", async () => {
    const { model } = await waitingModel();
    const posted = await ask(model);
    await deleteConversation(deps, viewer, posted.conversationId);
    await expect.poll(() => model.running.has(posted.answer.id), { timeout: 15_000 }).toBe(false);
    await expect(getConversation(deps, viewer, posted.conversationId)).rejects.toBeInstanceOf(NotFoundError);
  });

  test("pages list every conversation once, newest first; an archived one is left out", async () => {
    const reader = await makeViewer(deps);
    const made: string[] = [];
    for (let at = 0; at < 7; at += 1) {
      const posted = await createConversation(deps, reader, {
        question: `Question number ${at}?`,
        collections: [slug],
      });
      made.unshift(posted.conversationId);
    }
    await archiveConversation(deps, reader, made[3] as string);
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await listConversations(deps, reader, { limit: 2, ...(before && { before }) });
      seen.push(...page.conversations.map(({ id }) => id));
      before = page.next ?? undefined;
    } while (before);
    expect(seen).toEqual(made.filter((_, at) => at !== 3));
    await expect(listConversations(deps, reader, { before: "x~y" })).rejects.toMatchObject({ status: 400 });
  });

  test("a program gets the events of its own answer, up to its end", async () => {
    const types: string[] = [];
    let last: MessageView | undefined;
    for await (const event of chat(
      deps,
      viewer,
      { question: warfarinQuestion, collections: [slug] },
      new AbortController().signal,
    )) {
      types.push(event.type);
      if (event.type === "done") last = event.message;
    }
    expect(types.slice(0, 2)).toEqual(["message", "message"]);
    expect(types.at(-1)).toBe("done");
    expect(last).toMatchObject({ status: "complete" });
  });
}
