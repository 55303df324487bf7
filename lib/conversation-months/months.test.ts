import { randomUUID } from "node:crypto";
import { createGzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  findCollection,
  finishAnswer,
  insertConversation,
  insertQuestion,
  type Reader,
  saveFeedback,
  selectMovedPlace,
} from "#db/index.ts";
import { emptyAnswer } from "../ask/index.ts";
import type { Viewer } from "../auth/index.ts";
import { finishedAnswer } from "../conversations/finished-answer.ts";
import {
  embedMessages,
  getConversation,
  listMarkedAnswers,
  listMessages,
  postMessage,
  searchMessages,
} from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import type { Citation } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { type ObjectStore, openObjectStore } from "../storage/objects/index.ts";
import { StorageError } from "../storage/storage-error.ts";
import { addDocuments, makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import {
  bringBack,
  bringBackMonth,
  listMonths,
  makeSearchable,
  moveMonth,
  removeUnreferenced,
  settleMonths,
} from "./index.ts";

const trial = { id: "trial", title: "A trial", text: "Nobody who bled came to harm." };
const server = process.env.DATABASE_URL;
const s3 = process.env.S3_ENDPOINT;
const now = { olderThanMilliseconds: -60_000 };

/** Each test has a month of its own. */
let monthsUsed = 0;
const nextMonth = () => new Date(Date.UTC(2001, monthsUsed++, 1)).toISOString().slice(0, 10);

async function openS3(): Promise<ObjectStore> {
  const store = await openObjectStore(`s3://probatum-test-${randomUUID().slice(0, 8)}/months`, {
    s3: {
      endpoint: s3,
      region: process.env.S3_REGION,
      accessKeyId: process.env.S3_ACCESS_KEY_ID,
      secretAccessKey: process.env.S3_SECRET_ACCESS_KEY,
    },
  });
  await store.ensureBucket();
  return store;
}

describe("months on the embedded Postgres, objects on disk", () => testMonths(undefined, false));
describe.skipIf(!server)("months on a real Postgres, objects on disk", () => testMonths(server, false));
describe.skipIf(!server || !s3)("months on a real Postgres, objects on a real S3 server", () =>
  testMonths(server, true),
);

function testMonths(databaseUrl: string | undefined, onS3: boolean): void {
  let deps: Deps;
  let viewer: Viewer;
  let slug: string;
  beforeAll(async () => {
    const opened = await openTestDeps(databaseUrl ? { databaseUrl } : {});
    const objects = onS3 ? await openS3() : opened.objects;
    deps = {
      ...opened,
      objects,
      close: async () => {
        if (onS3) for await (const { key } of objects.list()) await objects.delete(key);
        if (onS3) await objects.close();
        await opened.close();
      },
    };
    viewer = await makeViewer(deps);
    slug = await makeCorpus(deps, [trial]);
  });
  afterAll(() => deps?.close());

  const query = async <T>(text: string, values: unknown[] = []) =>
    (await deps.database.pool.query(text, values)).rows as T[];

  async function citedTrial(): Promise<Citation> {
    const [found] = await query<{ id: string }>(
      `select d.id::text from documents d join collections c on c.id = d.collection_id where c.slug = $1`,
      [slug],
    );
    return {
      number: 1,
      collection: slug,
      collectionTitle: "Hand-written",
      documentId: found?.id ?? "",
      sourceId: trial.id,
      title: trial.title,
      section: null,
      page: null,
      quote: trial.text,
      start: 0,
      end: trial.text.length,
      publishedOn: null,
      evidenceLevel: "guideline",
      status: "current",
      isSample: false,
    };
  }

  async function ask(reader: Reader, conversationId: string, question: string): Promise<string> {
    const stored = await insertQuestion(deps.database, reader, conversationId, {
      question,
      collections: [],
      eventsAfter: "0",
    });
    if (!stored) throw new Error("the question was refused");
    const sentence = { index: 0, text: "Nobody “bled”.\n\\ü\u{1F9EA}", group: null, citations: [await citedTrial()] };
    const end = finishedAnswer({ ...emptyAnswer(null), status: "answered", sentences: [sentence] }, null);
    const receipt = { model: null, promptVersion: "1", corpusVersions: {}, passages: [], settings: { a: 1e-7 } };
    await finishAnswer(deps.database, stored.answer, { ...end, receipt });
    return stored.answer.id;
  }

  /** A conversation of a month long ago, of so many turns. */
  async function makeOld(month: string, turns = 2, owner: Reader = viewer): Promise<string> {
    const id = await insertConversation(deps.database, owner, "Long ago");
    await query("update conversations set month = $2 where id = $1", [id, month]);
    await query("select ensure_message_month($1)", [month]);
    for (let turn = 0; turn < turns; turn += 1) await ask(owner, id, `Question ${turn}?`);
    await age(id);
    return id;
  }

  const join = (id: string, { userId }: Viewer) =>
    query("insert into participants (conversation_id, participant_id, kind, role) values ($1, $2, 'human', 'reader')", [
      id,
      userId,
    ]);

  const age = (id: string) =>
    query("update conversations set updated_at = now() - interval '100 days' where id = $1", [id]);

  /** All that is stored of a conversation, but for what is made anew. */
  const rowsOf = (id: string) =>
    query(
      `with m as (select * from messages where conversation_id = $1)
       select to_jsonb(m) - 'embedding' as row from m
       union all select to_jsonb(q) from message_citations q where message_id in (select id from m)
       union all select to_jsonb(r) from answer_receipts r where message_id in (select id from m)
       union all select to_jsonb(f) from message_feedback f where message_id in (select id from m) order by row`,
      [id],
    );

  const keys = async () => {
    const found: string[] = [];
    for await (const { key } of deps.objects.list("months/")) found.push(key);
    return found;
  };
  const move = (month: string, change: Partial<Deps> = {}) =>
    moveMonth({ ...deps, ...change }, month, { idleDays: 90 });
  const partitionOf = async (month: string) => (await listMonths(deps)).find((one) => one.month === month);

  test("an idle month goes out whole, is read there as it was here, and comes back as it was", async () => {
    const month = nextMonth();
    const [id, other] = [await makeOld(month, 3), await makeOld(month, 0)];
    const answerId = (
      await query<{ id: string }>("select id from messages where conversation_id = $1 and role = 'assistant'", [id])
    )[0]?.id;
    await saveFeedback(
      deps.database,
      viewer,
      { conversationId: id, messageId: answerId ?? "", sentenceIndex: 0 },
      { kind: "helpful", note: "so" },
    );
    const colleague = await makeViewer(deps, viewer.tenantId);
    await join(id, colleague);
    const place = { conversationId: id, messageId: answerId ?? "", sentenceIndex: null };
    await saveFeedback(deps.database, viewer, place, { kind: "outdated", note: "" });
    await saveFeedback(deps.database, colleague, place, { kind: "wrong", note: "Theirs." });
    await query("update message_feedback set resolved_at = now(), resolved_by = $1", [viewer.userId]);
    const [rows, view] = [await rowsOf(id), await getConversation(deps, viewer, id)];
    expect(rows).toHaveLength(6 + 3 + 3 + 3);
    expect(view.feedback.map(({ kind }) => kind)).toEqual(["outdated", "helpful"]);
    expect(await move(month)).toMatchObject({ moved: 2, messages: 6, stayed: 0, emptied: true });
    expect(await rowsOf(id)).toEqual([]);
    expect(await partitionOf(month)).toMatchObject({
      conversations: 0,
      movedConversations: 2,
      movedMessages: 6,
    });
    const moved = await getConversation(deps, viewer, id);
    expect(moved).toMatchObject({ moved: true, messageCount: 6, messages: view.messages });
    expect(moved.feedback, "one's own, and nobody else's").toEqual(view.feedback);
    expect((await getConversation(deps, colleague, id)).feedback).toMatchObject([{ kind: "wrong", note: "Theirs." }]);
    expect(moved.messages[1]?.answer?.sentences[0]?.citations[0]?.today).toMatchObject({ status: "current" });
    const page = await listMessages(deps, viewer, id, { before: 5, limit: 2 });
    expect([page.messages.map(({ sequenceId }) => sequenceId), page.hasEarlier]).toEqual([[3, 4], true]);
    await expect(getConversation(deps, await makeViewer(deps, viewer.tenantId), id)).rejects.toThrow(NotFoundError);
    expect(await bringBack(deps, id)).toBe(true);
    expect(await bringBack(deps, id)).toBe(false);
    expect(await rowsOf(id)).toEqual(rows);
    expect(await query("select 1 from moved_citations where conversation_id = $1", [id])).toEqual([]);
    expect(await bringBackMonth(deps, month)).toBe(1);
    expect(await selectMovedPlace(deps.database, other)).toBeNull();
    expect((await keys()).filter((key) => key.includes(id) || key.includes(other))).toEqual([]);
  });

  test("what is in use stays: written in lately, deleted, unfinished, or with words nobody has dealt with", async () => {
    const month = nextMonth();
    const [recent, deleted, unfinished, said] = await Promise.all([1, 1, 1, 1].map((turns) => makeOld(month, turns)));
    await query("update conversations set updated_at = now() - interval '89 days' where id = $1", [recent]);
    await query("update conversations set deleted_at = now() where id = $1", [deleted]);
    await query("update messages set status = 'streaming' where conversation_id = $1 and role = 'assistant'", [
      unfinished,
    ]);
    await query(
      `insert into message_feedback (tenant_id, message_id, month, user_id, kind)
       select tenant_id, id, month, $2, 'wrong' from messages where conversation_id = $1 and role = 'assistant'`,
      [said, viewer.userId],
    );
    expect(await move(month)).toMatchObject({ moved: 0, stayed: 0, emptied: false });
    for (const id of [recent, deleted, unfinished, said]) expect((await rowsOf(id ?? "")).length).toBeGreaterThan(3);
  });

  test("who writes in a moved conversation has it brought back, and goes on behind its last message", async () => {
    const month = nextMonth();
    const id = await makeOld(month, 2);
    await move(month);
    const posted = await postMessage(deps, viewer, id, { question: "What came of the trial?", collections: [slug] });
    await deps.running.get(posted.answer.id)?.done;
    const { messages, moved } = await getConversation(deps, viewer, id);
    expect(moved).toBe(false);
    expect(messages.map(({ sequenceId }) => sequenceId)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(messages[4]?.parentId).toBe(messages[3]?.id);
  });

  test("a retraction marks answers that were moved before it, where they are read and in the list", async () => {
    const month = nextMonth();
    const own = await makeCorpus(deps, [trial]);
    const before = slug;
    slug = own;
    const id = await makeOld(month, 1);
    slug = before;
    await move(month);
    const collection = await findCollection(deps.database, viewer.tenantId, own);
    if (!collection) throw new Error("the corpus is gone");
    await addDocuments(deps, collection, [{ ...trial, status: "retracted" }]);
    const { messages } = await getConversation(deps, viewer, id);
    expect(messages[1]?.answer?.sentences[0]?.citations[0]?.today).toMatchObject({ status: "retracted" });
    const administrator = { ...(await makeViewer(deps, viewer.tenantId)), role: "administrator" as const };
    const marked = async () => {
      const { answers } = await listMarkedAnswers(deps, administrator, {});
      return answers.filter(({ conversationId }) => conversationId === id).map(({ messageId }) => messageId);
    };
    expect(await marked()).toEqual([messages[1]?.id]);
    await bringBack(deps, id);
    expect(await marked()).toEqual([messages[1]?.id]);
  });

  test("a missing or damaged object is an error that names it, and nothing is taken for an empty conversation", async () => {
    const month = nextMonth();
    const id = await makeOld(month, 1);
    await move(month);
    const key = (await selectMovedPlace(deps.database, id))?.key ?? "";
    const damage = createGzip();
    damage.end('{"table":"messages","row":{}}\n');
    for (const broken of [damage, Buffer.from("no gzip"), null]) {
      if (broken) await deps.objects.put(key, broken, { contentType: "application/gzip" });
      else await deps.objects.delete(key);
      const uses = [
        () => getConversation(deps, viewer, id),
        () => listMessages(deps, viewer, id, {}),
        () => bringBack(deps, id),
        () => postMessage(deps, viewer, id, { question: "And then?", collections: [slug] }),
      ];
      for (const use of uses) await expect(use()).rejects.toMatchObject({ key });
    }
    expect(await selectMovedPlace(deps.database, id)).toMatchObject({ key });
  });

  test("cut off between any two steps nothing is lost or doubled, and the same command goes on", async () => {
    const month = nextMonth();
    const ids = [await makeOld(month, 1), await makeOld(month, 1), await makeOld(month, 1)];
    const rows = await Promise.all(ids.map(rowsOf));
    const cut = async () => {
      throw new Error("cut off");
    };
    const failing = (change: Partial<ObjectStore>) => ({ objects: { ...deps.objects, ...change } as ObjectStore });
    await expect(move(month, failing({ put: cut }))).rejects.toThrow("cut off"); // before the object
    await expect(move(month, failing({ get: cut }))).rejects.toThrow("cut off"); // before it is read back
    const spoiling: Partial<ObjectStore> = {
      put: (key, _body, options) => deps.objects.put(key, Buffer.from("spoiled"), options),
    };
    await expect(move(month, failing(spoiling))).rejects.toThrow(/unpacked/);
    expect(await Promise.all(ids.map(rowsOf))).toEqual(rows);
    const left = (await keys()).filter((key) => ids.some((id) => key.includes(id)));
    expect(left.length).toBeGreaterThan(0);
    expect(await move(month)).toMatchObject({ moved: 3, emptied: true });
    expect(await removeUnreferenced(deps)).toBe(0); // somebody may be about to need them
    expect(await removeUnreferenced(deps, now)).toBe(left.length);
    await expect(bringBack({ ...deps, ...failing({ get: cut }) }, ids[0] ?? "")).rejects.toThrow("cut off");
    expect(await bringBack({ ...deps, ...failing({ delete: cut }) }, ids[0] ?? "")).toBe(true); // after the commit
    expect(await removeUnreferenced(deps, now)).toBe(1);
    expect(await bringBackMonth(deps, month)).toBe(2);
    expect(await Promise.all(ids.map(rowsOf))).toEqual(rows);
  });

  test("what changes while it is moved stays, with the change", async () => {
    const month = nextMonth();
    const id = await makeOld(month, 1);
    const changes = [
      () => ask(viewer, id, "One more?").then(() => age(id)),
      () => query("update message_citations set quote = 'Other' where month = $1", [month]), // no revision
      () => query("update conversations set updated_at = now() where id = $1", [id]),
    ];
    for (const change of changes) {
      let changed = false;
      const get: ObjectStore["get"] = async (key, options) => {
        if (!changed) await change();
        changed = true;
        return deps.objects.get(key, options);
      };
      expect(await move(month, { objects: { ...deps.objects, get } })).toMatchObject({ moved: 0, stayed: 1 });
      expect((await keys()).filter((key) => key.includes(id))).toEqual([]);
      await age(id);
    }
    expect(await rowsOf(id)).toHaveLength(4 + 2 + 2);
  });

  /** Found messages in their order, each as its conversation shows it. */
  const find = async (finder: Viewer, wanted: string, change: Partial<Deps> = {}) => {
    const { conversations, titlesOnly } = await searchMessages({ ...deps, ...change }, finder, { query: wanted });
    const messages = conversations.flatMap((one) => one.messages);
    return { messages, titlesOnly, ids: conversations.map(({ id }) => id) };
  };
  const plain = (segments: { text: string }[] = []) => segments.map(({ text }) => text).join("");

  test("what was moved is found by words, meaning, days and people, with excerpts of its own text", async () => {
    const month = nextMonth();
    const [finder, colleague] = [await makeViewer(deps), await makeViewer(deps)];
    await query("update members set tenant_id = $1 where user_id = $2", [finder.tenantId, colleague.userId]);
    await query("update users set name = 'Ana Ruiz' where id = $1", [colleague.userId]);
    const id = await makeOld(month, 0, finder);
    await join(id, colleague);
    await ask(finder, id, `Is warfarin ${"long known and ".repeat(40)} safe in pregnancy?`);
    await ask(finder, id, "Does dabigatran need monitoring?");
    await query("update messages set created_at = '2025-03-10T12:00:00Z' where conversation_id = $1", [id]);
    await embedMessages(deps);
    const queries = [
      "warfarin",
      "pregna",
      '"dabigatran need"',
      "dabigatran monitoring kidneys", // by meaning alone: "kidneys" is in no message
      "dabigatran with Ana",
      "10 March 2025",
      "warfarin since 2026",
      "from Ana",
    ];
    const all = () => Promise.all(queries.map((wanted) => find(finder, wanted)));
    const before = await all();
    expect(before.map(({ messages }) => messages.length > 0)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    await age(id);
    expect(await move(month)).toMatchObject({ moved: 1 });
    expect(await rowsOf(id)).toEqual([]);
    expect(await all()).toEqual(before);
    expect(before[1]?.messages[0]?.snippet).toContainEqual({ text: "pregnancy", marked: true });
    expect((await find(await makeViewer(deps, finder.tenantId), "warfarin")).ids, "not theirs").toEqual([]);
    let gets = 0;
    const get: ObjectStore["get"] = (...place) => {
      gets += 1;
      return deps.objects.get(...place);
    };
    const counting = { objects: { ...deps.objects, get } as ObjectStore };
    expect((await find(finder, "10 March 2025", counting)).messages).toHaveLength(4);
    expect(gets, "its object is read once").toBe(1);
    await find(finder, "heparin", counting);
    expect(gets, "and not at all where nothing is shown of it").toBe(1);
    const confined = { ...deps, database: deps.database.confinedTo(finder.tenantId) };
    expect((await find(finder, "warfarin", confined)).messages, "as a request of the tenant's sees it").toEqual(
      before[0]?.messages,
    );
    const stranger = await makeViewer(deps);
    const elsewhere = { ...deps, database: deps.database.confinedTo(stranger.tenantId) };
    expect((await find(finder, "warfarin", elsewhere)).ids).toEqual([]);
    expect(await bringBack(confined, id)).toBe(true);
    expect(await all(), "with the vectors it went with").toEqual(before);
  });

  test("what cannot be read in the object store is found and said to be unreadable; the rest is shown", async () => {
    const month = nextMonth();
    const finder = await makeViewer(deps);
    const ids = [await makeOld(month, 0, finder), await makeOld(month, 0, finder), await makeOld(month, 0, finder)];
    for (const id of ids) await ask(finder, id, "Is quinidine safe?");
    for (const id of ids.slice(0, 2)) await age(id);
    await move(month);
    await deps.objects.delete((await selectMovedPlace(deps.database, ids[0] ?? ""))?.key ?? "");
    const { conversations } = await searchMessages(deps, finder, { query: "quinidine" });
    const shown = new Map(conversations.map(({ id, messages }) => [id, messages]));
    expect(shown.get(ids[0] ?? "")).toMatchObject([{ readable: false, snippet: [], byWords: true }]);
    for (const id of ids.slice(1)) expect(plain(shown.get(id)?.[0]?.snippet)).toBe("Is quinidine safe?");
    const away = {
      objects: { ...deps.objects, get: () => Promise.reject(new Error("a fault of ours")) } as ObjectStore,
    };
    await expect(find(finder, "quinidine", away)).rejects.toThrow("a fault of ours");
  });

  test("what search does not know yet, or not by its meaning, it is told at night, bit by bit", async () => {
    await query("delete from conversations where moved is not null"); // what other tests have left
    const month = nextMonth();
    const finder = await makeViewer(deps);
    const ids: string[] = [];
    for (const drug of ["apixaban", "edoxaban", "rivaroxaban", "betrixaban"]) {
      const id = await makeOld(month, 0, finder);
      ids.push(id);
      await ask(finder, id, `Is ${drug} safe in haemodialysis?`);
      await age(id);
    }
    const [unembedded, old, broken] = ids;
    await embedMessages(deps);
    await query("update messages set embedding = null where conversation_id = $1", [unembedded]);
    await move(month);
    // As the program before moved them.
    await query("delete from moved_messages where conversation_id = any($1)", [[old, broken]]);
    await query("update conversations set moved = moved - 'searchable' where id = any($1)", [[old, broken]]);
    const object = (await selectMovedPlace(deps.database, broken ?? ""))?.key ?? "";
    await deps.objects.put(object, Buffer.from("spoiled"), { contentType: "application/gzip" });
    const byWords = async () => (await find(finder, "haemodialysis")).ids.toSorted();
    const byMeaning = async () => (await find(finder, "safe haemodialysis kidneys")).ids.toSorted(); // "kidneys" is nowhere
    const except = (...gone: (string | undefined)[]) => ids.filter((id) => !gone.includes(id)).toSorted();
    expect(await byWords()).toEqual(except(old, broken));
    expect(await byMeaning()).toEqual(except(unembedded, old, broken));
    expect((await find(finder, "haemodialysis")).titlesOnly).toBe(2);

    const aborted = AbortSignal.abort();
    await expect(makeSearchable(deps, { signal: aborted })).rejects.toThrow();
    const noModel = { ...deps, embeddingsOf: () => Promise.reject(new Error("no model")) };
    expect(await makeSearchable(noModel)).toMatchObject({ embedded: 0, unread: 1 });
    expect(await byWords()).toEqual(except(broken));
    expect(await byMeaning()).toEqual(except(unembedded, old, broken));
    let done = 0;
    for (let night = 0; night < 2; night += 1) {
      const report = await makeSearchable(deps, { limit: 2 }); // of three, one of which always fails
      expect(report.conversations + report.unread).toBeLessThanOrEqual(2);
      done += report.conversations;
    }
    expect(done).toBe(2);
    expect(await byMeaning()).toEqual(except(broken));
    expect((await find(finder, "haemodialysis")).titlesOnly).toBe(1);
    expect(await makeSearchable(deps)).toEqual({ conversations: 0, embedded: 0, unread: 1 });
    const away = { code: "unavailable", backend: "s3", operation: "get" } as const;
    const get: ObjectStore["get"] = () => Promise.reject(new StorageError(away));
    await expect(makeSearchable({ ...deps, objects: { ...deps.objects, get } })).rejects.toThrow(StorageError);
    await query("delete from conversations where id = $1", [broken]);
    expect(await makeSearchable(deps)).toEqual({ conversations: 0, embedded: 0, unread: 0 });
  });

  test("a document that only a moved answer cites stays as a withdrawn one; one that is gone leaves its name", async () => {
    const month = nextMonth();
    const own = await makeCorpus(deps, [trial]);
    const before = slug;
    slug = own;
    const id = await makeOld(month, 1);
    slug = before;
    await move(month);
    const collection = await findCollection(deps.database, viewer.tenantId, own);
    await query("delete from documents where collection_id = $1", [collection?.id]);
    const read = (await getConversation(deps, viewer, id)).messages[1]?.answer?.sentences[0]?.citations[0];
    expect(read).toMatchObject({ title: trial.title, today: { status: "withdrawn" } });
    await bringBack(deps, id);
    const [kept] = await query(
      "select document_id, title from message_citations where message_id in (select id from messages where conversation_id = $1)",
      [id],
    );
    expect(kept).toEqual({ document_id: null, title: trial.title });
  });

  test("those who move, read and bring back at once lose nothing", async () => {
    const month = nextMonth();
    const ids = await Promise.all(Array.from({ length: 6 }, () => makeOld(month, 1)));
    const rows = await Promise.all(ids.map(rowsOf));
    const read = async () => {
      for (const id of ids) expect((await getConversation(deps, viewer, id)).messages).toHaveLength(2);
    };
    for (let round = 0; round < 4; round += 1) {
      await Promise.all([
        move(month),
        move(month),
        read(),
        bringBackMonth(deps, month),
        bringBackMonth(deps, month),
        read(),
      ]);
    }
    await bringBackMonth(deps, month);
    expect(await Promise.all(ids.map(rowsOf))).toEqual(rows);
  });

  /** Twelve conversations of twelve messages, written turn about. */
  async function makeScattered(month: string): Promise<string[]> {
    const ids = await Promise.all(Array.from({ length: 12 }, () => makeOld(month, 0)));
    for (let turn = 0; turn < 6; turn += 1)
      for (const id of ids) await ask(viewer, id, `${"Long ".repeat(100)}${turn}?`);
    for (const id of ids) await age(id);
    return ids;
  }

  /** Pages that each conversation's rows lie on, in all. */
  async function pagesOf(month: string): Promise<number> {
    const [found] = await query<{ pages: number }>(
      `select sum(pages)::int as pages from (
         select count(distinct (ctid::text::point)[0]) as pages from messages where month = $1 group by conversation_id) p`,
      [month],
    );
    return found?.pages ?? 0;
  }

  test("settling brings a conversation's rows together and changes nothing else", async () => {
    const month = nextMonth();
    const ids = await makeScattered(month);
    const pages = () => pagesOf(month);
    const [rows, scattered] = [await Promise.all(ids.map(rowsOf)), await pages()];
    const [report] = await settleMonths(deps, { month });
    expect(report).toMatchObject({ conversations: 12, messages: 144 });
    expect(await pages()).toBeLessThan(0.6 * scattered);
    const [again] = await settleMonths(deps, { month });
    expect(again?.conversations).toBeLessThan(ids.length / 2);
    expect(await partitionOf(month)).toMatchObject({ conversations: 12, messages: 144 });
    expect(await Promise.all(ids.map(rowsOf))).toEqual(rows);
  });

  test("a whole month is laid out at once, and not again", async () => {
    const month = nextMonth();
    const ids = await makeScattered(month);
    const [rows, scattered] = [await Promise.all(ids.map(rowsOf)), await pagesOf(month)];
    await query("analyze messages");
    expect(await settleMonths(deps, { month, whole: true })).toMatchObject([{ whole: "done" }]);
    expect(await pagesOf(month)).toBeLessThan(0.6 * scattered);
    expect(await settleMonths(deps, { month, whole: true })).toMatchObject([{ whole: "settled" }]);
    expect(await Promise.all(ids.map(rowsOf))).toEqual(rows);
  });
}
