import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Viewer } from "../auth/index.ts";
import { type ModelServer, startModelServer } from "../chat-models/testing/index.ts";
import type { Deps } from "../deps.ts";
import type { MessageView } from "../domain.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { makeCorpus, makeViewer, openTestDeps, withModel } from "../testing/deps.ts";
import { handWritten, modelLine, warfarinQuestion, warfarinQuote } from "../testing/hand-written.ts";
import {
  createConversation,
  deleteConversation,
  getConversation,
  listConversations,
  listMessages,
  postMessage,
  purgeConversations,
  recentMessagesCounts,
  restoreConversation,
  retainConversation,
  stopAnswer,
  subscribe,
} from "./index.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("the conversation store on embedded Postgres and memory", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl) {
  describe("the conversation store on a real Postgres and Redis", () =>
    suite(() => openTestDeps({ databaseUrl, redisUrl })));
} else {
  describe.skip("the conversation store on a real Postgres and Redis (skipped: DATABASE_URL or REDIS_URL is not set)", () =>
    suite(() => openTestDeps()));
}

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let viewer: Viewer;
  let slug: string;
  let server: ModelServer | undefined;

  beforeAll(async () => {
    deps = await open();
    slug = await makeCorpus(deps, handWritten);
    viewer = await makeViewer(deps);
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await settled();
  });
  afterAll(() => deps?.close());

  const settled = () => Promise.all([...deps.running.values()].map(({ done }) => done));
  const ask = async (question: string, conversation?: { id: string; parentId?: string | null }) => {
    const input = { question, collections: [slug] };
    const posted = conversation
      ? await postMessage(deps, viewer, conversation.id, { ...input, parentId: conversation.parentId })
      : await createConversation(deps, viewer, input);
    await settled();
    return posted;
  };
  const read = (id: string) => getConversation(deps, viewer, id);

  describe("branches", () => {
    test("a question follows the newest answer, the one it names, or none", async () => {
      const first = await ask("What is the dose of warfarin?");
      const id = first.conversationId;
      const second = await ask("And in pregnancy?", { id });
      const edited = await ask("And in children?", { id, parentId: first.answer.id });
      const other = await ask("What is apixaban for?", { id, parentId: null });
      expect(second.question.parentId).toBe(first.answer.id);
      expect(edited.question.parentId).toBe(first.answer.id);
      expect(other.question.parentId).toBeNull();
      expect((await read(id)).messages.map(({ sequenceId }) => sequenceId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    test("only its own branch helps to understand a question", async () => {
      const first = await ask("What is the starting dose of warfarin?");
      const id = first.conversationId;
      const elsewhere = await ask("What is apixaban for?", { id, parentId: null });
      const onFirst = await ask("And in pregnancy?", { id, parentId: first.answer.id });
      const onOther = await ask("And in pregnancy?", { id, parentId: elsewhere.answer.id });
      const searched = async ({ answer }: { answer: MessageView }) =>
        (await read(id)).messages.find((message) => message.id === answer.id)?.answer?.understanding?.searchText ?? "";
      expect(await searched(onFirst)).toContain("warfarin");
      expect(await searched(onFirst)).not.toContain("apixaban");
      expect(await searched(onOther)).toContain("apixaban");
      expect(await searched(onOther)).not.toContain("warfarin");
    });

    test("what is no answer of this conversation is followed by nothing", async () => {
      const one = await ask("What is the dose of warfarin?");
      const two = await ask("What is apixaban for?");
      for (const parentId of [two.answer.id, one.question.id, two.conversationId]) {
        await expect(ask("And then?", { id: one.conversationId, parentId })).rejects.toBeInstanceOf(InvalidInputError);
      }
      expect((await read(one.conversationId)).messages).toHaveLength(2);
    });
  });

  test("messages are read by sequence ids, forwards and back, each once", async () => {
    const { conversationId: id } = await ask("What is the dose of warfarin?");
    for (let at = 0; at < 4; at += 1) await ask(`Question number ${at}?`, { id });
    const ids = async (query: object) =>
      (await listMessages(deps, viewer, id, query)).messages.map(({ sequenceId }) => sequenceId);
    expect(await ids({ limit: 3 })).toEqual([8, 9, 10]);
    expect(await ids({ before: 8, limit: 3 })).toEqual([5, 6, 7]);
    expect(await ids({ after: 0, limit: 4 })).toEqual([1, 2, 3, 4]);
    expect(await ids({ after: 8 })).toEqual([9, 10]);
    expect(await listMessages(deps, viewer, id, { before: 4, limit: 3 })).toMatchObject({ hasEarlier: false });
    expect(await listMessages(deps, viewer, id, { limit: 9 })).toMatchObject({ hasEarlier: true, hasLater: false });
    expect(await listMessages(deps, viewer, id, { after: 8, limit: 1 })).toMatchObject({ hasLater: true });
    for (const wrong of [{ after: 1, before: 2 }, { after: "x" }, { limit: 0 }, { before: -1 }]) {
      await expect(listMessages(deps, viewer, id, wrong)).rejects.toBeInstanceOf(InvalidInputError);
    }
    await expect(listMessages(deps, await makeViewer(deps), id, {})).rejects.toBeInstanceOf(NotFoundError);
  });

  describe("recent messages", () => {
    test("are at hand when read again, and never older than a write of another process", async () => {
      const { conversationId: id } = await ask("What is the dose of warfarin?");
      const database = { ...deps.database };
      database.root = database;
      const elsewhere: Deps = { ...deps, database }; // another process' memory
      const readElsewhere = () => getConversation(elsewhere, viewer, id);
      await read(id);
      await readElsewhere();
      const before = recentMessagesCounts(deps.database);
      expect(await read(id)).toEqual(await readElsewhere());
      expect(recentMessagesCounts(deps.database).hits).toBe(before.hits + 1);
      for (let at = 0; at < 5; at += 1) {
        await ask(`Question number ${at}?`, { id });
        expect((await readElsewhere()).messages).toEqual((await read(id)).messages);
        expect((await read(id)).messages).toHaveLength(4 + 2 * at);
      }
    });

    test("are not remembered while one is unfinished", async () => {
      const { model, letGo } = await waitingModel();
      const posted = await createConversation(model, viewer, { question: warfarinQuestion, collections: [slug] });
      const content = async () => (await read(posted.conversationId)).messages[1]?.content;
      expect(await content()).toBe("");
      await expect.poll(content, { timeout: 10_000 }).toBe("Begin with 5 mg daily.");
      letGo();
      await settled();
      expect(await content()).toBe("Begin with 5 mg daily. The INR is 2.0–3.0.");
    });

    test("remembered for one reader, they are nobody else's", async () => {
      const { conversationId: id } = await ask("What is the dose of warfarin?");
      await read(id);
      await expect(getConversation(deps, await makeViewer(deps), id)).rejects.toBeInstanceOf(NotFoundError);
    });
  });

  describe("an answer under way", () => {
    test("is stored before any reader sees it", async () => {
      const { model, letGo } = await waitingModel();
      const posted = await createConversation(model, viewer, { question: warfarinQuestion, collections: [slug] });
      const end = new AbortController();
      const options = { after: posted.eventsAfter, signal: end.signal };
      let seen = 0;
      for await (const { event } of await subscribe(deps, viewer, posted.conversationId, options)) {
        if (event.type === "sentence") {
          const { rows } = await deps.database.pool.query<{ held: number }>(
            "select jsonb_array_length(answer->'sentences') as held from messages where id = $1",
            [posted.answer.id],
          );
          seen += 1;
          expect(rows[0]?.held).toBeGreaterThanOrEqual(seen);
          letGo();
        }
        if (event.type === "done") end.abort();
      }
      expect(seen).toBe(2);
    });

    test("stopped at another process it is ended by its maker, with all that was shown", async () => {
      const { model } = await waitingModel();
      const posted = await createConversation(model, viewer, { question: warfarinQuestion, collections: [slug] });
      const end = new AbortController();
      const options = { after: posted.eventsAfter, signal: end.signal };
      for await (const { event } of await subscribe(deps, viewer, posted.conversationId, options)) {
        if (event.type === "sentence") {
          void stopAnswer({ ...deps, running: new Map() }, viewer, posted.conversationId, posted.answer.id);
        }
        if (event.type === "done") {
          expect(event.message).toMatchObject({ status: "stopped", content: "Begin with 5 mg daily." });
          end.abort();
        }
      }
      await settled();
      // The maker itself ended it, and knows what it was made from: it was not given up as lost.
      const { rows } = await deps.database.pool.query("select passages from answer_receipts where message_id = $1", [
        posted.answer.id,
      ]);
      expect(rows[0]?.passages).not.toEqual([]);
      expect(rows).toHaveLength(1);
    });
  });

  describe("deleting", () => {
    test("a deleted conversation is nobody's, and its owner restores it whole", async () => {
      const { conversationId: id } = await ask("What is the dose of warfarin?");
      const whole = await read(id);
      await deleteConversation(deps, viewer, id);
      await expect(read(id)).rejects.toBeInstanceOf(NotFoundError);
      await expect(ask("And then?", { id })).rejects.toBeInstanceOf(NotFoundError);
      expect((await listConversations(deps, viewer)).conversations.map((one) => one.id)).not.toContain(id);
      await expect(restoreConversation(deps, await makeViewer(deps), id)).rejects.toBeInstanceOf(NotFoundError);
      await restoreConversation(deps, viewer, id);
      expect(await read(id)).toEqual(whole);
    });

    test("goes for good after the time of grace, and not before", async () => {
      const { conversationId: id } = await ask("What is the dose of warfarin?");
      await deleteConversation(deps, viewer, id);
      const later = withDays(30);
      await purgeConversations(later);
      await restoreConversation(deps, viewer, id);
      await deleteConversation(deps, viewer, id);
      await age(id, "deleted_at", 31);
      expect((await purgeConversations(later)).purged).toBe(1);
      await expect(restoreConversation(deps, viewer, id)).rejects.toBeInstanceOf(NotFoundError);
      const { rows } = await deps.database.pool.query("select 1 from messages where conversation_id = $1", [id]);
      expect(rows).toEqual([]);
    });

    test("what is to be retained stays until its day, whoever deletes it", async () => {
      const { conversationId: id } = await ask("What is the dose of warfarin?");
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
      await retainConversation(deps, viewer, id, { retainUntil: tomorrow });
      await deleteConversation(deps, viewer, id);
      await age(id, "deleted_at", 400);
      await purgeConversations(withDays(30));
      await restoreConversation(deps, viewer, id);
      await retainConversation(deps, viewer, id, { retainUntil: null });
      await deleteConversation(deps, viewer, id);
      await age(id, "deleted_at", 400);
      expect((await purgeConversations(withDays(30))).purged).toBe(1);
      await expect(retainConversation(deps, viewer, id, { retainUntil: "soon" })).rejects.toBeInstanceOf(
        InvalidInputError,
      );
    });

    test("unused ones are deleted only where they are kept for so long and no longer", async () => {
      const { conversationId: id } = await ask("What is the dose of warfarin?");
      await age(id, "updated_at", 400);
      await purgeConversations(withDays(30));
      expect((await read(id)).id).toBe(id);
      expect((await purgeConversations(withDays(30, 365))).retired).toBe(1);
      await expect(read(id)).rejects.toBeInstanceOf(NotFoundError);
      await restoreConversation(deps, viewer, id);
    });
  });

  function withDays(grace: number, retention?: number): Deps {
    const env = { ...deps.env, CONVERSATION_GRACE_DAYS: grace, CONVERSATION_RETENTION_DAYS: retention };
    return { ...deps, env };
  }

  async function age(id: string, column: "deleted_at" | "updated_at", days: number): Promise<void> {
    await deps.database.pool.query(
      `update conversations set ${column} = now() - make_interval(days => $2) where id = $1`,
      [id, days],
    );
  }

  /** A model that says one sentence, and the second only when it is let go. */
  async function waitingModel(): Promise<{ model: Deps; letGo: () => void }> {
    const gate = Promise.withResolvers<void>();
    async function* pieces() {
      yield modelLine("Begin with 5 mg daily.", warfarinQuote);
      await gate.promise;
      yield modelLine("The INR is 2.0–3.0.", "The target INR is 2.0–3.0.");
    }
    server = await startModelServer({ reply: () => ({ text: pieces() }) });
    return { model: await withModel(deps, server.url), letGo: gate.resolve };
  }
}
