import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type Database,
  finishAnswer,
  insertConversation,
  insertQuestion,
  markFeedback,
  type Reader,
  removeFeedback,
  saveFeedback,
  selectFeedback,
  selectTenantFeedback,
} from "../index.ts";
import type { OpenTestDatabase } from "./types.ts";

const everything = { kind: null, resolved: null, from: null, until: null };
const firstPage = { before: null, limit: 50 };
const helpful = { kind: "helpful" as const, note: "" };
const wrong = { kind: "wrong" as const, note: "The dose is another." };

async function makeReader(database: Database, tenantId?: string): Promise<Reader> {
  const { rows } = await database.pool.query<Reader>(
    `with tenant as (insert into tenants (slug, name) values ($1, 'T') returning id),
       person as (insert into users (name, email) values ('Reader', $1 || '@example.org') returning id)
     select coalesce($2::uuid, tenant.id) as "tenantId", person.id as "userId" from tenant, person`,
    [randomUUID(), tenantId ?? null],
  );
  return rows[0] as Reader;
}

const answer = { status: "answered", sentences: [{ index: 0 }, { index: 2 }] };

async function answered(database: Database, reader: Reader, id: string, question = "Why?", parentId?: string) {
  const stored = await insertQuestion(database, reader, id, {
    question,
    collections: ["a"],
    eventsAfter: "0",
    parentId,
  });
  if (!stored) throw new Error("the question was refused");
  await finishAnswer(database, stored.answer, {
    content: "Shown.",
    status: "complete",
    answer,
    sources: [],
    model: null,
    tokensUsed: null,
    citations: [],
    receipt: null,
  });
  return stored;
}

async function joins(database: Database, reader: Reader, id: string): Promise<void> {
  await database.pool.query(
    "insert into participants (conversation_id, participant_id, kind, role) values ($1, $2, 'human', 'reader')",
    [id, reader.userId],
  );
}

export function testFeedback(open: OpenTestDatabase): void {
  describe("feedback", () => {
    const begin = async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const conversationId = await insertConversation(database, reader, "Title");
      const stored = await answered(database, reader, conversationId);
      const place = { conversationId, messageId: stored.answer.id, sentenceIndex: null };
      return { database, reader, conversationId, stored, place };
    };

    test("is kept once for the whole and once for each sentence; the last word counts", async () => {
      const { database, reader, conversationId, place } = await begin();
      const said = await Promise.all(
        Array.from({ length: 8 }, (_, at) => saveFeedback(database, reader, place, at % 2 === 0 ? helpful : wrong)),
      );
      expect(said.every((one) => one?.saved)).toBe(true);
      await saveFeedback(database, reader, { ...place, sentenceIndex: 2 }, wrong);
      await saveFeedback(database, reader, place, { kind: "outdated", note: "Newer." });
      expect(await selectFeedback(database, reader, conversationId)).toMatchObject([
        { messageId: place.messageId, sentenceIndex: null, kind: "outdated", note: "Newer." },
        { messageId: place.messageId, sentenceIndex: 2, ...wrong },
      ]);
    });

    test("is of sentences that are there and of answers that are finished", async () => {
      const { database, reader, conversationId, stored, place } = await begin();
      const of = (sentenceIndex: number | null, messageId = place.messageId) =>
        saveFeedback(database, reader, { conversationId, messageId, sentenceIndex }, helpful);
      expect(await of(1)).toEqual({ isFinished: true, hasSentence: false, saved: null });
      expect(await of(0, stored.question.id), "a question is no answer").toBeNull();
      const unfinished = await insertQuestion(database, reader, conversationId, {
        question: "And?",
        collections: [],
        eventsAfter: "0",
      });
      expect(await of(null, unfinished?.answer.id)).toEqual({ isFinished: false, hasSentence: true, saved: null });
      expect(await selectFeedback(database, reader, conversationId)).toEqual([]);
    });

    test("is given by everybody who takes part, and by nobody else", async () => {
      const { database, reader, conversationId, place } = await begin();
      const colleague = await makeReader(database, reader.tenantId);
      const sameUserElsewhere = { ...reader, tenantId: (await makeReader(database)).tenantId };
      await saveFeedback(database, reader, place, helpful);
      for (const other of [colleague, sameUserElsewhere, await makeReader(database)]) {
        expect(await saveFeedback(database, other, place, wrong)).toBeNull();
        expect(await removeFeedback(database, other, place)).toBe(false);
        expect(await selectFeedback(database, other, conversationId)).toEqual([]);
      }
      await joins(database, colleague, conversationId);
      expect(await saveFeedback(database, colleague, place, wrong)).toMatchObject({ saved: wrong });
      expect(await selectFeedback(database, colleague, conversationId)).toMatchObject([wrong]);
      expect(await selectFeedback(database, reader, conversationId)).toMatchObject([helpful]);
      const elsewhere = await insertConversation(database, reader, "Other");
      expect(await saveFeedback(database, reader, { ...place, conversationId: elsewhere }, wrong)).toBeNull();
      await database.pool.query("update conversations set deleted_at = now() where id = $1", [conversationId]);
      expect(await saveFeedback(database, reader, place, wrong), "deleted").toBeNull();
      expect(await selectTenantFeedback(database, reader, everything, firstPage), "deleted").toEqual([]);
    });

    test("is taken back once, and only what was meant", async () => {
      const { database, reader, conversationId, place } = await begin();
      await saveFeedback(database, reader, place, helpful);
      await saveFeedback(database, reader, { ...place, sentenceIndex: 0 }, wrong);
      expect(await removeFeedback(database, reader, place)).toBe(true);
      expect(await removeFeedback(database, reader, place)).toBe(false);
      expect(await selectFeedback(database, reader, conversationId)).toMatchObject([{ sentenceIndex: 0 }]);
    });

    test("is looked through by kind, state and day, in pages without gap or repeat, with the branch's questions", async () => {
      const { database, reader, conversationId, stored, place } = await begin();
      const further = await answered(database, reader, conversationId, "And then?", stored.answer.id);
      await answered(database, reader, conversationId, "Another branch?", stored.answer.id);
      const last = await answered(database, reader, conversationId, "And at last?", further.answer.id);
      const places = [place, { ...place, messageId: last.answer.id }, { ...place, sentenceIndex: 0 }];
      for (const [at, one] of places.entries()) await saveFeedback(database, reader, one, at === 2 ? wrong : helpful);
      // All at one moment: the ids alone keep the pages apart.
      await database.pool.query(
        "update message_feedback set updated_at = '2026-03-05T23:59:59Z' where tenant_id = $1",
        [reader.tenantId],
      );
      const seen: string[] = [];
      let before: { updatedAt: string; id: string } | null = null;
      do {
        const page = await selectTenantFeedback(database, reader, everything, { before, limit: 1 });
        before = page[0] ? { updatedAt: page[0].updatedAt.toISOString(), id: page[0].id } : null;
        seen.push(...page.map(({ id }) => id));
      } while (before);
      expect(new Set(seen).size).toBe(3);
      const select = (change: object) =>
        selectTenantFeedback(database, reader, { ...everything, ...change }, firstPage);
      expect(seen).toEqual((await select({})).map(({ id }) => id));
      const found = await select({ kind: "wrong" });
      expect(found).toMatchObject([
        { ...wrong, question: "Why?", earlier: [], isReaders: true, personName: "Reader", content: "Shown.", answer },
      ]);
      const all = await select({});
      expect(all.find(({ messageId }) => messageId === last.answer.id)).toMatchObject({
        question: "And at last?",
        earlier: ["Why?", "And then?"],
      });
      expect(await select({ from: "2026-03-05", until: "2026-03-05" })).toHaveLength(3);
      expect(await select({ from: "2026-03-06" })).toEqual([]);
      expect(await select({ until: "2026-03-04" })).toEqual([]);
      const [one] = found;
      if (!one) throw new Error("nothing was found");
      expect(await markFeedback(database, reader, one.id, true)).toBe(true);
      expect(await select({ resolved: true })).toMatchObject([{ id: one.id, resolvedBy: "Reader" }]);
      expect(await select({ resolved: false })).toHaveLength(2);
      const stranger = await makeReader(database);
      expect(await markFeedback(database, stranger, one.id, false)).toBe(false);
      expect(await selectTenantFeedback(database, stranger, everything, firstPage)).toEqual([]);
      await saveFeedback(database, reader, { ...place, sentenceIndex: 0 }, wrong);
      expect(await select({ resolved: true }), "the same word again is no news").toHaveLength(1);
      await saveFeedback(database, reader, { ...place, sentenceIndex: 0 }, { ...wrong, note: "Still." });
      expect(await select({ resolved: true })).toEqual([]);
    });
  });
}
