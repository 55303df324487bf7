import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  archiveForReader,
  type Database,
  deleteConversation,
  dropCollection,
  type FinishedAnswer,
  finishAnswer,
  insertAnswer,
  insertConversation,
  insertQuestion,
  type OpenedConversationRow,
  type QuestionAndAnswer,
  type Reader,
  removeConversation,
  saveProgress,
  selectConversation,
  selectConversations,
  selectEarlierQuestions,
  selectMessages,
  selectSilentAnswers,
  selectWritableMessage,
  updateConversation,
  writeDocuments,
} from "../index.ts";
import { makeCollection, makeDocument } from "../testing/corpus.ts";
import type { OpenTestDatabase } from "./types.ts";

async function makeReader(database: Database, tenantId?: string): Promise<Reader> {
  const tenant = tenantId
    ? { id: tenantId }
    : (
        await database.pool.query<{ id: string }>("insert into tenants (slug, name) values ($1, 'T') returning id", [
          randomUUID(),
        ])
      ).rows[0];
  const user = await database.pool.query<{ id: string }>(
    "insert into users (name, email) values ('Reader', $1) returning id",
    [`${randomUUID()}@example.org`],
  );
  const reader = { tenantId: tenant?.id as string, userId: user.rows[0]?.id as string };
  await database.pool.query("insert into members (tenant_id, user_id, role) values ($1, $2, 'clinician')", [
    reader.tenantId,
    reader.userId,
  ]);
  return reader;
}

const asked = (question = "Why?") => ({ question, collections: ["a"], eventsAfter: "1-0" });

async function ask(database: Database, reader: Reader, id: string, question?: string): Promise<QuestionAndAnswer> {
  const stored = await insertQuestion(database, reader, id, asked(question));
  if (!stored) throw new Error("the question was refused");
  return stored;
}

function finished(change: Partial<FinishedAnswer> = {}): FinishedAnswer {
  return {
    content: "Shown.",
    status: "complete",
    answer: { status: "answered" },
    sources: [],
    model: "m",
    tokensUsed: 7,
    citations: [],
    receipt: { model: "m", promptVersion: "p", corpusVersions: { a: 1 }, passages: [], settings: {} },
    ...change,
  };
}

const citation = (documentId: string) => ({
  sentenceIndex: 0,
  sentenceStart: 0,
  sentenceEnd: 6,
  number: 1,
  documentId,
  chunkId: null,
  collection: "a",
  sourceId: "1",
  title: "T",
  quote: "Shown",
  start: 3,
  end: 8,
});

async function opened(database: Database, reader: Reader, id: string): Promise<OpenedConversationRow> {
  const conversation = await selectConversation(database, reader, id);
  if (!conversation) throw new Error("the conversation is not the reader's");
  return conversation;
}

export function testConversations(open: OpenTestDatabase): void {
  describe("conversations", () => {
    test("sequence ids are gapless, unique and in order under twenty writers", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      const first = await ask(database, reader, id);
      const writers = Array.from({ length: 20 }, async (_, at) => {
        if (at % 4 === 3) {
          const answer = await insertAnswer(database, reader, id, {
            questionId: first.question.id,
            eventsAfter: "2-0",
          });
          return [answer?.sequenceId];
        }
        const stored = await ask(database, reader, id, `Question ${at}`);
        expect(stored.answer.sequenceId).toBe(stored.question.sequenceId + 1);
        return [stored.question.sequenceId, stored.answer.sequenceId];
      });
      const handedOut = (await Promise.all(writers)).flat().toSorted((left, right) => Number(left) - Number(right));
      const total = 2 + 15 * 2 + 5;
      expect(handedOut).toEqual(Array.from({ length: total - 2 }, (_, at) => at + 3));
      const stored = await selectMessages(database, reader, await opened(database, reader, id), { limit: 100 });
      expect(stored.map(({ sequenceId }) => sequenceId)).toEqual(Array.from({ length: total }, (_, at) => at + 1));
      expect(await selectConversation(database, reader, id)).toMatchObject({ messageCount: total });
    });

    test("a question that cannot be stored takes no sequence id", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      await expect(insertQuestion(database, reader, id, asked("no\u0000such text"))).rejects.toThrow();
      expect((await ask(database, reader, id)).question.sequenceId).toBe(1);
    });

    test("another tenant's and another user's rows are not found by any statement", async () => {
      const { database } = await open();
      const owner = await makeReader(database);
      const id = await insertConversation(database, owner, "Mine");
      const { question } = await ask(database, owner, id);
      const conversation = await opened(database, owner, id);
      const sameUserElsewhere = { tenantId: (await makeReader(database)).tenantId, userId: owner.userId };
      const others = [await makeReader(database), await makeReader(database, owner.tenantId), sameUserElsewhere];
      for (const other of others) {
        expect(await selectConversation(database, other, id)).toBeNull();
        expect(await selectConversations(database, other, { before: null, limit: 100 })).toEqual([]);
        expect(await selectMessages(database, other, conversation, { limit: 10 })).toEqual([]);
        expect(await selectWritableMessage(database, other, id, question.id)).toBeNull();
        expect(await insertQuestion(database, other, id, asked())).toBeNull();
        expect(await insertAnswer(database, other, id, { questionId: question.id, eventsAfter: "1-0" })).toBeNull();
        expect(await updateConversation(database, other, id, { title: "Theirs" })).toBeNull();
        expect(await deleteConversation(database, other, id)).toBe(false);
      }
      expect(await selectConversation(database, owner, id)).toMatchObject({ title: "Mine", messageCount: 2 });
    });

    test("a participant who may only read reads, and changes nothing", async () => {
      const { database } = await open();
      const owner = await makeReader(database);
      const id = await insertConversation(database, owner, "Shared");
      const { question, answer } = await ask(database, owner, id);
      const colleague = await makeReader(database, owner.tenantId);
      await database.pool.query(
        "insert into participants (conversation_id, participant_id, kind, role) values ($1, $2, 'human', 'reader')",
        [id, colleague.userId],
      );
      expect(
        await selectMessages(database, colleague, await opened(database, colleague, id), { limit: 10 }),
      ).toHaveLength(2);
      expect(await selectWritableMessage(database, colleague, id, answer.id), "to stop or regenerate").toBeNull();
      expect(await insertQuestion(database, colleague, id, asked())).toBeNull();
      expect(await insertAnswer(database, colleague, id, { questionId: question.id, eventsAfter: "1-0" })).toBeNull();
      expect(await updateConversation(database, colleague, id, { title: "Theirs" })).toBeNull();
      expect(await deleteConversation(database, colleague, id)).toBe(false);
    });

    test("a message is found only in its own conversation, and answered only there", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const [one, two] = [
        await insertConversation(database, reader, "1"),
        await insertConversation(database, reader, "2"),
      ];
      const { question } = await ask(database, reader, one);
      expect(await selectWritableMessage(database, reader, two, question.id)).toBeNull();
      expect(await insertAnswer(database, reader, two, { questionId: question.id, eventsAfter: "1-0" })).toBeNull();
    });

    test("an answer ends once, whoever comes first", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      const { answer } = await ask(database, reader, id);
      expect(await saveProgress(database, [{ ...answer, content: "Sho", answer: {} }])).toEqual(new Set([answer.id]));
      const ends = await Promise.all([
        finishAnswer(database, answer, finished()),
        finishAnswer(database, answer, finished({ status: "stopped" })),
        finishAnswer(database, answer, finished({ status: "failed" })),
      ]);
      expect(ends.filter((end) => end !== null)).toHaveLength(1);
      expect(await saveProgress(database, [{ ...answer, content: "late", answer: {} }])).toEqual(new Set());
      expect(await selectWritableMessage(database, reader, id, answer.id)).toMatchObject({ content: "Shown." });
      const receipts = await database.pool.query("select model from answer_receipts where message_id = $1", [
        answer.id,
      ]);
      expect(receipts.rows).toEqual([{ model: "m" }]);
    });

    test("citations and receipt are stored with the answer or not at all", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      const { answer } = await ask(database, reader, id);
      const broken = { ...citation("1"), quote: null as unknown as string };
      await expect(finishAnswer(database, answer, finished({ citations: [broken] }))).rejects.toThrow();
      expect(await selectWritableMessage(database, reader, id, answer.id)).toMatchObject({
        status: "pending",
        content: "",
      });
      expect(await finishAnswer(database, answer, finished({ citations: [citation("999999999")] }))).not.toBeNull();
      const { rows } = await database.pool.query(
        "select document_id, source_id, quote, quote_start, quote_end from message_citations where message_id = $1",
        [answer.id],
      );
      expect(rows).toEqual([{ document_id: null, source_id: "1", quote: "Shown", quote_start: 3, quote_end: 8 }]);
    });

    test("a citation outlives its document, and goes with its conversation", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const collection = await makeCollection(database);
      await writeDocuments(database, collection, [makeDocument("1", ["Is Shown here"])]);
      const { rows } = await database.pool.query("select id from documents where collection_id = $1", [collection.id]);
      const id = await insertConversation(database, reader, "Title");
      const { answer } = await ask(database, reader, id);
      await finishAnswer(database, answer, finished({ citations: [citation(rows[0].id)] }));
      const cited = () =>
        database.pool.query("select document_id, source_id from message_citations where message_id = $1", [answer.id]);
      expect((await cited()).rows).toEqual([{ document_id: rows[0].id, source_id: "1" }]);
      await writeDocuments(database, collection, [], ["1"]);
      expect((await cited()).rows).toEqual([{ document_id: rows[0].id, source_id: "1" }]);
      await dropCollection(database, collection.id);
      expect((await cited()).rows).toEqual([{ document_id: null, source_id: "1" }]);
      await removeConversation(database, reader, id);
      const left = await database.pool.query(
        `select (select count(*)::int from messages where conversation_id = $1) as messages,
           (select count(*)::int from participants where conversation_id = $1) as participants,
           (select count(*)::int from message_citations where message_id = $2) as citations,
           (select count(*)::int from answer_receipts where message_id = $2) as receipts`,
        [id, answer.id],
      );
      expect(left.rows).toEqual([{ messages: 0, participants: 0, citations: 0, receipts: 0 }]);
    });

    test("only answers without a sign of life are found silent, and ended as such", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      const silent = await ask(database, reader, id);
      const alive = await ask(database, reader, id);
      const ended = await ask(database, reader, id);
      await saveProgress(database, [
        { ...silent.answer, content: "So far.", answer: { status: "answered", sentences: [] } },
      ]);
      await finishAnswer(database, ended.answer, finished());
      await database.pool.query("update messages set updated_at = now() - interval '1 minute' where id = any($1)", [
        [silent.answer.id, ended.answer.id],
      ]);
      const found = await selectSilentAnswers(database, 30);
      expect(found.filter((row) => row.conversationId === id)).toMatchObject([
        { id: silent.answer.id, status: "streaming", content: "So far." },
      ]);
      const end = finished({ status: "failed", content: "So far." });
      expect(await finishAnswer(database, alive.answer, end, 30)).toBeNull();
      expect(await finishAnswer(database, silent.answer, end, 30)).toMatchObject({
        status: "failed",
        content: "So far.",
      });
      expect(await selectWritableMessage(database, reader, id, alive.answer.id)).toMatchObject({ status: "pending" });
      expect(await selectWritableMessage(database, reader, id, ended.answer.id)).toMatchObject({ status: "complete" });
    });

    test("pages hold every conversation once, though others are used in between", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const made: string[] = [];
      for (let at = 0; at < 23; at += 1) made.push(await insertConversation(database, reader, `Title ${at}`));
      // Some of one instant: their order must not depend on the page.
      await database.pool.query(
        "update conversations set updated_at = '2026-01-01T00:00:00.123456Z' where id = any($1)",
        [made.slice(3, 12)],
      );
      const seen: string[] = [];
      let before: { updatedAt: string; id: string } | null = null;
      for (;;) {
        const page = await selectConversations(database, reader, { before, limit: 5 });
        if (page.length === 0) break;
        seen.push(...page.map((row) => row.id));
        const last = page.at(-1);
        before = last ? { updatedAt: last.updatedAt.toISOString(), id: last.id } : null;
        await ask(database, reader, seen[0] as string); // already seen: it moves to the front
      }
      expect(seen).toHaveLength(made.length);
      expect(new Set(seen)).toEqual(new Set(made));
    });

    test("an archived conversation leaves the list, and opens still", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      await archiveForReader(database, reader, id, true);
      expect(await selectConversations(database, reader, { before: null, limit: 10 })).toEqual([]);
      expect(await selectConversation(database, reader, id)).toMatchObject({ title: "Title", archived: true });
      await archiveForReader(database, reader, id, false);
      expect(await selectConversations(database, reader, { before: null, limit: 10 })).toHaveLength(1);
    });

    test("earlier questions are the last ones before, oldest first", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      let last = "";
      for (const question of ["one", "two", "three", "four"])
        last = (await ask(database, reader, id, question)).question.id;
      expect(await selectEarlierQuestions(database, id, last, 2)).toEqual(["two", "three"]);
    });
  });
}
