import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Viewer } from "../auth/index.ts";
import { moveMonth } from "../conversation-months/index.ts";
import { createConversation, getConversation } from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../errors.ts";
import { makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { handWritten, warfarinQuestion } from "../testing/hand-written.ts";
import { exportFeedbackCases, giveFeedback, listFeedback, resolveFeedback, withdrawFeedback } from "./index.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("feedback on embedded Postgres", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl) {
  describe("feedback on a real Postgres", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
} else {
  describe.skip("feedback on a real Postgres (skipped: DATABASE_URL or REDIS_URL is not set)", () =>
    suite(() => openTestDeps()));
}

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let slug: string;
  beforeAll(async () => {
    deps = await open();
    slug = await makeCorpus(deps, handWritten);
  });
  afterAll(() => deps?.close());

  async function answered(question = warfarinQuestion) {
    const viewer = await makeViewer(deps);
    const posted = await createConversation(deps, viewer, { question, collections: [slug] });
    await deps.running.get(posted.answer.id)?.done;
    const reviewer: Viewer = { ...(await makeViewer(deps, viewer.tenantId)), role: "archivist" };
    return { viewer, reviewer, id: posted.conversationId, messageId: posted.answer.id };
  }

  const all = async (viewer: Viewer, filter = {}) => (await listFeedback(deps, viewer, filter)).feedback;

  test("shows to its giver with the conversation, and to reviewers with what it is about", async () => {
    const { viewer, reviewer, id, messageId } = await answered();
    await giveFeedback(deps, viewer, id, messageId, { kind: "helpful" });
    const note = "  Adults over 75 start lower.  ";
    const given = await giveFeedback(deps, viewer, id, messageId, { kind: "wrong", note, sentenceIndex: 0 });
    expect(given).toMatchObject({ messageId, sentenceIndex: 0, kind: "wrong", note: note.trim() });
    const { feedback, messages } = await getConversation(deps, viewer, id);
    expect(feedback).toMatchObject([{ kind: "helpful", sentenceIndex: null }, given]);
    const sentence = messages.at(-1)?.answer?.sentences[0];
    const [of, whole] = await all(reviewer);
    expect(of).toMatchObject({
      ...given,
      person: { name: viewer.name, email: viewer.email },
      conversation: { id, title: warfarinQuestion },
      mayOpen: false,
      question: warfarinQuestion,
      sentence: {
        text: sentence?.text,
        quotes: [{ text: sentence?.citations[0]?.quote, title: handWritten[0]?.title }],
      },
      resolvedAt: null,
    });
    expect(whole).toMatchObject({ sentence: null, answer: messages.at(-1)?.content });
    await withdrawFeedback(deps, viewer, id, messageId, "0");
    expect((await getConversation(deps, viewer, id)).feedback).toMatchObject([{ kind: "helpful" }]);
    await expect(withdrawFeedback(deps, viewer, id, messageId, "0")).rejects.toThrow(NotFoundError);
  });

  test("is refused in words where it does not fit", async () => {
    const { viewer, id, messageId } = await answered();
    const give = (input: unknown, [conversation, message] = [id, messageId]) =>
      giveFeedback(deps, viewer, conversation, message, input);
    await expect(give({ kind: "nice" })).rejects.toThrow("“kind”: expected helpful");
    await expect(give({ kind: "wrong", note: "x".repeat(2001) })).rejects.toThrow("“note”: at most 2000 characters");
    await expect(give({ kind: "wrong", note: "a\0b" })).rejects.toThrow(InvalidInputError);
    await expect(give({ kind: "wrong", sentenceIndex: 40 })).rejects.toThrow("this answer has no sentence 40");
    await expect(give({ kind: "wrong", sentenceIndex: -1 })).rejects.toThrow("expected the number of a sentence");
    await expect(give(null)).rejects.toThrow(InvalidInputError);
    await expect(give({ kind: "wrong" }, [id, "no-id"])).rejects.toThrow(NotFoundError);
    await expect(give({ kind: "wrong" }, [id, randomUUID()])).rejects.toThrow(NotFoundError);
    await expect(withdrawFeedback(deps, viewer, id, messageId, "one")).rejects.toThrow(InvalidInputError);
    await expect(withdrawFeedback(deps, viewer, id, messageId, null)).rejects.toThrow(NotFoundError);
    await deps.database.pool.query("update messages set status = 'streaming' where id = $1", [messageId]);
    await expect(give({ kind: "wrong" })).rejects.toThrow(ConflictError);
  });

  test("is not found by those who do not take part, whatever their role", async () => {
    const { viewer, reviewer, id, messageId } = await answered();
    await giveFeedback(deps, viewer, id, messageId, { kind: "helpful" });
    const stranger: Viewer = { ...(await makeViewer(deps)), role: "administrator" };
    for (const other of [reviewer, stranger]) {
      await expect(giveFeedback(deps, other, id, messageId, { kind: "wrong" })).rejects.toThrow(NotFoundError);
      await expect(withdrawFeedback(deps, other, id, messageId, null)).rejects.toThrow(NotFoundError);
    }
    expect(await all(stranger)).toEqual([]);
    const [one] = await all(reviewer);
    await expect(resolveFeedback(deps, stranger, one?.id ?? "", { resolved: true })).rejects.toThrow(NotFoundError);
    await deps.database.pool.query(
      "insert into participants (conversation_id, participant_id, kind, role) values ($1, $2, 'human', 'reader')",
      [id, reviewer.userId],
    );
    await giveFeedback(deps, reviewer, id, messageId, { kind: "outdated" });
    expect((await getConversation(deps, reviewer, id)).feedback).toMatchObject([{ kind: "outdated" }]);
    expect((await all(reviewer)).map(({ mayOpen }) => mayOpen)).toEqual([true, true]);
  });

  test("brings a conversation back that was moved to the object store", async () => {
    const { viewer, reviewer, id, messageId } = await answered();
    await giveFeedback(deps, viewer, id, messageId, { kind: "wrong", note: "Then." });
    const [one] = await all(reviewer);
    await resolveFeedback(deps, reviewer, one?.id ?? "", { resolved: true });
    const query = deps.database.pool.query.bind(deps.database.pool);
    const isMoved = async () =>
      (await query("select moved from conversations where id = $1", [id])).rows[0].moved !== null;
    const moveOut = async () => {
      const { rows } = await query(
        "update conversations set updated_at = now() - interval '1 year' where id = $1 returning month::text",
        [id],
      );
      await moveMonth(deps, rows[0].month, { idleDays: 300 });
      expect(await isMoved()).toBe(true);
    };
    await moveOut();
    await giveFeedback(deps, viewer, id, messageId, { kind: "helpful", sentenceIndex: 0 });
    expect(await isMoved()).toBe(false);
    expect((await getConversation(deps, viewer, id)).feedback).toMatchObject([{ kind: "wrong" }, { kind: "helpful" }]);
    await query("update message_feedback set resolved_at = now() where message_id = $1", [messageId]);
    await moveOut();
    await withdrawFeedback(deps, viewer, id, messageId, "0");
    expect((await getConversation(deps, viewer, id)).feedback).toMatchObject([{ kind: "wrong", note: "Then." }]);
  });

  test("is looked through and resolved by reviewers only, by kind, state and day", async () => {
    const { viewer, reviewer, id, messageId } = await answered();
    await giveFeedback(deps, viewer, id, messageId, { kind: "wrong" });
    await expect(listFeedback(deps, viewer)).rejects.toThrow(ForbiddenError);
    expect(() => exportFeedbackCases(deps, viewer)).toThrow(ForbiddenError);
    const [one] = await all(reviewer, { kind: "wrong", state: "open", from: "2020-01-01" });
    if (!one) throw new Error("nothing is listed");
    await expect(resolveFeedback(deps, viewer, one.id, { resolved: true })).rejects.toThrow(ForbiddenError);
    await resolveFeedback(deps, reviewer, one.id, { resolved: true });
    expect(await all(reviewer, { state: "open" })).toEqual([]);
    expect(await all(reviewer, { state: "resolved" })).toMatchObject([
      { resolvedBy: reviewer.name, resolvedAt: expect.stringMatching(/Z$/) },
    ]);
    await resolveFeedback(deps, reviewer, one.id, { resolved: false });
    expect(await all(reviewer, { state: "open" })).toMatchObject([{ resolvedBy: null, resolvedAt: null }]);
    expect(await all(reviewer, { until: "2020-01-01" })).toEqual([]);
    expect(await all(reviewer, { kind: "helpful" })).toEqual([]);
    for (const filter of [{ kind: "nice" }, { state: "new" }, { from: "yesterday" }, { until: "2026-02-30" }])
      await expect(listFeedback(deps, reviewer, filter)).rejects.toThrow(InvalidInputError);
    await expect(listFeedback(deps, reviewer, {}, { before: "x" })).rejects.toThrow(InvalidInputError);
    await expect(resolveFeedback(deps, reviewer, one.id, {})).rejects.toThrow("“resolved”");
    await expect(resolveFeedback(deps, reviewer, "x", { resolved: true })).rejects.toThrow(NotFoundError);
  });

  test("comes in pages, and goes out as cases, what people said alike once", async () => {
    const { viewer, reviewer, id, messageId } = await answered();
    await giveFeedback(deps, viewer, id, messageId, { kind: "helpful" });
    await giveFeedback(deps, viewer, id, messageId, { kind: "wrong", sentenceIndex: 0 });
    await deps.database.pool.query(
      "insert into participants (conversation_id, participant_id, kind, role) values ($1, $2, 'human', 'reader')",
      [id, reviewer.userId],
    );
    await giveFeedback(deps, reviewer, id, messageId, { kind: "helpful" });
    const first = await listFeedback(deps, reviewer, {}, { limit: 2 });
    const rest = await listFeedback(deps, reviewer, {}, { limit: 2, before: first.next ?? undefined });
    expect(rest.next).toBeNull();
    expect([...first.feedback, ...rest.feedback].map(({ id: each }) => each)).toEqual(
      (await all(reviewer)).map(({ id: each }) => each),
    );
    const cases = [];
    for await (const line of exportFeedbackCases(deps, reviewer)) cases.push(JSON.parse(line));
    expect(cases).toHaveLength(2);
    expect(cases).toContainEqual(expect.objectContaining({ expectation: "answered", sources: [`${slug}/warfarin`] }));
    expect(cases).toContainEqual(expect.objectContaining({ expectation: "any", tags: ["feedback", "wrong"] }));
  });
}
