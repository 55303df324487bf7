import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type Database,
  embedMessageRows,
  excerptsOf,
  insertConversation,
  keepMovedSearch,
  type MessageSearch,
  markEnd,
  markStart,
  movedTextsOf,
  purgeConversation,
  putBackMoved,
  type Reader,
  searchMessageRows,
  searchTitles,
  selectEmbeddedMoved,
  selectMovedLines,
  selectSearchable,
  selectUnsearchable,
  takeAwayMoved,
} from "../index.ts";
import type { OpenTestDatabase } from "./types.ts";

async function makeReader(database: Database, tenantId?: string): Promise<Reader> {
  const { rows } = await database.pool.query<Reader>(
    `with tenant as (insert into tenants (slug, name) values ($1, 'T') returning id),
       person as (insert into users (name, email) values ('Reader', $2) returning id)
     insert into members (tenant_id, user_id, role)
     select coalesce($3::uuid, tenant.id), person.id, 'clinician' from tenant, person
     returning tenant_id as "tenantId", user_id as "userId"`,
    [randomUUID(), `${randomUUID()}@example.org`, tenantId ?? null],
  );
  return rows[0] as Reader;
}

/** A vector along one axis, or between two. */
function along(...axes: number[]): number[] {
  const vector = new Array<number>(384).fill(0);
  for (const axis of axes) vector[axis] = Math.SQRT1_2 ** (axes.length - 1);
  return vector;
}

interface Written {
  content: string;
  vector?: number[];
  at?: string;
  status?: string;
  sender?: string;
}

/** Messages as they lie after their conversation is over; returns their ids. */
async function write(database: Database, reader: Reader, id: string, messages: Written[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { content, vector, at = "2026-03-10T12:00:00Z", status = "complete", sender } of messages) {
    const { rows } = await database.pool.query<{ id: string }>(
      `with c as (update conversations set last_sequence_id = last_sequence_id + 1, message_count = message_count + 1
         where id = $2 returning month, last_sequence_id)
       insert into messages (month, tenant_id, conversation_id, sequence_id, sender_id, sender_type, role, content, status,
         embedding, created_at)
       select c.month, $1, $2, c.last_sequence_id, $3, 'human', 'user', $4, $5, $6::text::halfvec, $7 from c returning id`,
      [reader.tenantId, id, sender ?? reader.userId, content, status, vector ? `[${vector}]` : null, at],
    );
    ids.push(rows[0]?.id as string);
  }
  return ids;
}

/** Files a conversation under another month, as if it had begun then. */
async function beganIn(database: Database, id: string, month: string): Promise<void> {
  await database.pool.query("select ensure_message_month($1)", [month]);
  await database.pool.query("update conversations set month = $2 where id = $1", [id, month]);
}

/** Moves a conversation, its lines in memory instead of an object. */
async function moveOut(
  database: Database,
  id: string,
): Promise<{ key: string; lines: string[]; putBack: () => Promise<boolean> }> {
  const { rows } = await database.pool.query<{ id: string; month: string; revision: number }>(
    `update conversations set updated_at = now() - interval '100 days' where id = $1
     returning id, month::text, revision::float8 as revision`,
    [id],
  );
  const conversation = rows[0];
  if (!conversation) throw new Error("there is no such conversation");
  const { lines, messages } = await selectMovedLines(database, conversation, 0, 200);
  const place = { key: `months/${id}`, sha256: "", lines: lines.length, messages, bytes: 1 };
  if (!(await takeAwayMoved(database, conversation, 90, place, async () => true))) throw new Error("it stayed");
  return { key: place.key, lines, putBack: () => putBackMoved(database, id, place, lines) };
}

const nothing: MessageSearch = {
  words: null,
  vector: null,
  nearness: 0.3,
  from: null,
  until: null,
  senders: null,
  limit: 20,
  offset: 0,
};
const words = (whole: string, beginning = "") => ({ ...nothing, words: { whole, beginning } });

export function testMessageSearch(open: OpenTestDatabase): void {
  async function found(database: Database, reader: Reader, search: MessageSearch) {
    return searchMessageRows(database, await selectSearchable(database, reader), search);
  }
  const contents = (rows: { snippet: string | null }[]) =>
    rows.map(({ snippet }) => snippet?.replaceAll(markStart, "").replaceAll(markEnd, ""));

  describe("search of one's own messages", () => {
    test("words are stemmed, phrases and exclusions hold, and what was found is marked", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      await write(database, reader, id, [
        { content: "Stop warfarin before surgery" },
        { content: "Warfarin and aspirin together cause bleeding" },
        { content: "Aspirin alone bleeds less" },
      ]);
      const both = await found(database, reader, words("bleeds"));
      expect(contents(both).toSorted()).toEqual([
        "Aspirin alone bleeds less",
        "Warfarin and aspirin together cause bleeding",
      ]);
      expect(both.map(({ snippet }) => snippet).join()).toContain(`cause ${markStart}bleeding${markEnd}`);
      expect(contents(await found(database, reader, words('"aspirin together"')))).toHaveLength(1);
      expect(contents(await found(database, reader, words("aspirin -warfarin")))).toEqual([
        "Aspirin alone bleeds less",
      ]);
      expect(await found(database, reader, words("heparin"))).toEqual([]);
      expect(await found(database, reader, words("the of"))).toEqual([]);
    });

    test("a word is found from its beginning on, at every letter typed", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      await write(database, reader, id, [{ content: "Oral anticoagulation after a stroke" }, { content: "Asthma" }]);
      const word = "anticoagulation";
      for (let length = 2; length <= word.length; length += 1) {
        const rows = await found(database, reader, words("oral ", word.slice(0, length)));
        expect(contents(rows), word.slice(0, length)).toEqual(["Oral anticoagulation after a stroke"]);
      }
      expect(await found(database, reader, words("asthma ", "oral"))).toEqual([]);
      expect(contents(await found(database, reader, words("stroke after ", "the")))).toHaveLength(1);
    });

    test("meaning finds what has none of the words; both together come first", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      await write(database, reader, id, [
        { content: "Thinner of the blood", vector: along(1) },
        { content: "Warfarin dose", vector: along(1).with(2, 0.5) },
        { content: "Warfarin not embedded yet" },
        { content: "Something else", vector: along(3) },
      ]);
      const rows = await found(database, reader, { ...words("warfarin"), vector: along(1) });
      expect(contents(rows)[0]).toBe("Warfarin dose");
      expect(contents(rows).toSorted()).toEqual(["Thinner of the blood", "Warfarin dose", "Warfarin not embedded yet"]);
      const thinner = rows.find(({ snippet }) => snippet === "Thinner of the blood");
      expect(thinner?.byWords).toBe(false);
      expect(thinner?.nearness).toBeCloseTo(1, 2);
      expect(await found(database, reader, { ...words("heparin"), vector: along(7) })).toEqual([]);
    });

    test("dates and senders narrow; without words the newest come first, page by page", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      await write(database, reader, id, [
        { content: "one", at: "2026-03-01T10:00:00Z" },
        { content: "two", at: "2026-03-02T10:00:00Z", sender: "somebody" },
        { content: "three", at: "2026-03-03T10:00:00Z" },
      ]);
      const since = { ...nothing, from: new Date("2026-03-02T00:00:00Z") };
      expect(contents(await found(database, reader, since))).toEqual(["three", "two"]);
      expect(contents(await found(database, reader, { ...since, limit: 1, offset: 1 }))).toEqual(["two"]);
      const until = { ...nothing, until: new Date("2026-03-03T10:00:00Z") };
      expect(contents(await found(database, reader, until))).toEqual(["two", "one"]);
      expect(contents(await found(database, reader, { ...nothing, senders: ["somebody"] }))).toEqual(["two"]);
    });

    test("nothing of others, of deleted conversations or of unfinished answers is found; archived ones are", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const stranger = await makeReader(database, reader.tenantId);
      const kept = await insertConversation(database, reader, "Kept");
      const deleted = await insertConversation(database, reader, "Deleted");
      const theirs = await insertConversation(database, stranger, "Theirs");
      for (const id of [kept, deleted, theirs]) {
        await write(database, reader, id, [
          { content: "quinine", vector: along(1) },
          { content: "quinine still being written", status: "streaming" },
        ]);
      }
      await database.pool.query("update conversations set deleted_at = now() where id = $1", [deleted]);
      await database.pool.query("update participants set archived_at = now() where conversation_id = $1", [kept]);
      const rows = await found(database, reader, { ...words("quinine"), vector: along(1) });
      expect(rows.map(({ conversationId }) => conversationId)).toEqual([kept]);
      expect(await selectSearchable(database, reader)).toMatchObject([{ id: kept, archived: true, shared: false }]);
      const elsewhere = { tenantId: (await makeReader(database)).tenantId, userId: reader.userId };
      expect(await selectSearchable(database, elsewhere)).toEqual([]);
    });

    test("titles are found by all words, the mark characters in a text are no marks", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const one = await insertConversation(database, reader, `Ward ${markStart}round${markEnd} on sepsis`);
      await insertConversation(database, reader, "Sepsis in children");
      await write(database, reader, one, [{ content: `${markStart}forged${markEnd} sepsis` }]);
      const searchable = await selectSearchable(database, reader);
      expect(await searchTitles(database, searchable, { whole: "ward sepsis", beginning: "" }, 5)).toEqual([
        { id: one, title: `${markStart}Ward${markEnd} round on ${markStart}sepsis${markEnd}` },
      ]);
      expect((await found(database, reader, words("sepsis")))[0]?.snippet).toBe(`forged ${markStart}sepsis${markEnd}`);
    });

    test("only the partitions of one's own conversations are read, and by their index", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      for (const month of ["2024-02-01", "2024-05-01"]) {
        const id = await insertConversation(database, reader, "Old");
        await beganIn(database, id, month);
        await write(database, reader, id, [{ content: `Ferritin in ${month}`, at: `${month}T08:00:00Z` }]);
      }
      await database.pool.query("select ensure_message_month('2024-03-01')");
      const plans: string[] = [];
      const explaining = {
        ...database,
        pool: {
          query: async (text: string, values: unknown[]) => {
            const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
            plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
            return { rows: [] };
          },
        },
      } as unknown as Database;
      const searchable = await selectSearchable(database, reader);
      await searchMessageRows(explaining, searchable, { ...words("ferritin"), vector: along(1) });
      expect(plans[0]).toContain("messages_2024_02");
      expect(plans[0]).toContain("messages_2024_05");
      expect(plans[0]).not.toContain("messages_2024_03");
      expect(plans[0]).not.toContain("_search_idx");
      expect(contents(await found(database, reader, words("ferritin"))).toSorted()).toEqual([
        "Ferritin in 2024-02-01",
        "Ferritin in 2024-05-01",
      ]);
    });
  });

  describe("search of messages that were moved to the object store", () => {
    const far = { at: "2026-02-01T10:00:00Z" };

    test("finds them by words, meaning, days and people, in the same order as before; their text is elsewhere", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const moved = await insertConversation(database, reader, "Moved");
      const kept = await insertConversation(database, reader, "Kept");
      await beganIn(database, moved, "2024-07-01");
      await write(database, reader, moved, [
        { content: "Warfarin dose after surgery, and warfarin again", vector: along(1).with(2, 0.2), ...far },
        { content: "Thinner of the blood", vector: along(1).with(3, 0.6), ...far },
        { content: "Warfarin by somebody else", vector: along(9), sender: "somebody" },
        { content: "warfarin, unfinished", status: "failed" },
        { content: "", vector: along(1) },
      ]);
      await write(database, reader, kept, [
        { content: "Thinner, once more", vector: along(1).with(3, 0.4) },
        { content: "About warfarin" },
      ]);
      const searches: MessageSearch[] = [
        words("warfarin"),
        words("", "warfar"),
        words('"warfarin dose"'),
        { ...nothing, vector: along(1) },
        { ...words("warfarin"), vector: along(1) },
        { ...words("warfarin"), vector: along(1), limit: 2, offset: 1 },
        { ...words("warfarin"), until: new Date("2026-03-01T00:00:00Z") },
        { ...words("warfarin"), from: new Date("2026-03-01T00:00:00Z") },
        { ...nothing, senders: ["somebody"] },
        nothing,
      ];
      const all = () => Promise.all(searches.map((search) => found(database, reader, search)));
      const before = await all();
      expect(before.map((rows) => rows.length)).toEqual([3, 3, 1, 3, 5, 2, 1, 2, 1, 5]);
      const { lines, putBack } = await moveOut(database, moved);
      expect(await selectSearchable(database, reader)).toMatchObject([{ id: kept }, { id: moved, titleOnly: false }]);
      const after = await all();
      const isMoved = ({ conversationId }: { conversationId: string }) => conversationId === moved;
      expect(after).toEqual(before.map((rows) => rows.map((row) => (isMoved(row) ? { ...row, snippet: null } : row))));
      const texts = new Map(
        movedTextsOf(lines.map((line) => JSON.parse(line))).map(({ id, content }) => [id, content]),
      );
      for (const [at, rows] of before.entries()) {
        const own = rows.filter(isMoved).map((row) => ({ ...row, content: texts.get(row.id) ?? "" }));
        const excerpts = await excerptsOf(database, searches[at]?.words ?? null, own);
        expect(excerpts).toEqual(own.map(({ snippet }) => snippet));
      }
      expect(await putBack()).toBe(true);
      expect(await all(), "back with their vectors, and none twice").toEqual(before);
      const left = await database.pool.query("select 1 from moved_messages where conversation_id = $1", [moved]);
      expect(left.rowCount).toBe(0);
    });

    test("nothing of others or of deleted conversations is found, and nothing is left of a purged one", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const stranger = await makeReader(database, reader.tenantId);
      const [own, theirs] = [
        await insertConversation(database, reader, "Own"),
        await insertConversation(database, stranger, "Theirs"),
      ];
      for (const id of [own, theirs]) {
        await write(database, reader, id, [{ content: "quinidine", vector: along(1) }]);
        await moveOut(database, id);
      }
      const search = { ...words("quinidine"), vector: along(1) };
      expect((await found(database, reader, search)).map(({ conversationId }) => conversationId)).toEqual([own]);
      await database.pool.query("update conversations set deleted_at = now() - interval '9 days' where id = $1", [own]);
      expect(await found(database, reader, search)).toEqual([]);
      expect(await purgeConversation(database, own, 7)).toBe(true);
      const { rows } = await database.pool.query(
        "select conversation_id as id from moved_messages where conversation_id = any($1)",
        [[own, theirs]],
      );
      expect(rows).toEqual([{ id: theirs }]);
    });

    test("those without a vector and those moved long ago are pointed out, and made known from their text", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const [unembedded, old, embedded] = await Promise.all(
        ["Unembedded", "Old", "Embedded"].map((title) => insertConversation(database, reader, title)),
      );
      if (!unembedded || !old || !embedded) throw new Error("three were made");
      const message = { content: "Ketamine given", vector: along(1) };
      await write(database, reader, unembedded, [message, { content: "Ketamine refused" }]);
      await write(database, reader, old, [
        message,
        { content: "Ketamine \u{1F9EA}, still going on", status: "streaming" },
      ]);
      await database.pool.query(
        "update messages set status = 'failed' where conversation_id = $1 and status = 'streaming'",
        [old],
      );
      await write(database, reader, embedded, [message]);
      const places = new Map<string, Awaited<ReturnType<typeof moveOut>>>();
      for (const id of [unembedded, old, embedded]) places.set(id, await moveOut(database, id));
      // As the program before moved it.
      await database.pool.query("delete from moved_messages where conversation_id = $1", [old]);
      await database.pool.query("update conversations set moved = moved - 'searchable' where id = $1", [old]);
      const titles = async () =>
        (await selectSearchable(database, reader)).filter(({ titleOnly }) => titleOnly).map(({ id }) => id);
      const pointedOut = async () => {
        const ids: string[] = [];
        for (let after: string | null = null; ; ) {
          const page: string[] = await selectUnsearchable(database, { after, until: null, limit: 1 });
          if (page.length === 0) return ids.filter((id) => places.has(id));
          after = page[0] as string;
          ids.push(after);
        }
      };
      expect(await titles()).toEqual([old]);
      expect(await pointedOut()).toEqual([unembedded, old].toSorted());
      expect(await found(database, reader, words("ketamine"))).toHaveLength(3);
      const keep = async (id: string, key = places.get(id)?.key ?? "", vector?: number[]) => {
        const texts = movedTextsOf((places.get(id)?.lines ?? []).map((line) => JSON.parse(line)));
        const known = await selectEmbeddedMoved(database, id);
        const vectors = new Map(texts.flatMap((text) => (vector && !known.has(text.id) ? [[text.id, vector]] : [])));
        return keepMovedSearch(database, id, key, texts, vectors);
      };
      expect(await keep(old, "months/elsewhere", along(2))).toBe(false);
      expect(await titles()).toEqual([old]);
      expect(await keep(old), "words alone, for want of a model").toBe(true);
      expect(await titles()).toEqual([]);
      expect(await pointedOut()).toEqual([unembedded, old].toSorted());
      expect(await found(database, reader, words("ketamine"))).toHaveLength(4);
      for (const id of [unembedded, old, embedded]) expect(await keep(id, undefined, along(2))).toBe(true);
      expect(await pointedOut()).toEqual([]);
      const near = async (vector: number[]) =>
        (await found(database, reader, { ...nothing, vector })).map(({ conversationId }) => conversationId);
      expect((await near(along(2))).toSorted()).toEqual([unembedded, old].toSorted());
      expect((await near(along(1))).toSorted(), "what had a vector keeps it").toEqual(
        [unembedded, embedded].toSorted(),
      );
      await database.pool.query("update conversations set moved = null where id = $1", [old]);
      expect(await keep(old, undefined, along(2))).toBe(false);
    });

    test("one's own are reached by conversation, however many others there are", async () => {
      const { database } = await open();
      const [reader, others] = [await makeReader(database), await makeReader(database)];
      const id = await insertConversation(database, reader, "Own");
      await write(database, reader, id, [{ content: "Ferritin", vector: along(1) }]);
      await moveOut(database, id);
      await database.pool.query(
        `with c as (insert into conversations (tenant_id, owner_id, title) select $1, $2, 'Theirs' from generate_series(1, 300) returning id)
         insert into moved_messages (message_id, tenant_id, conversation_id, sequence_id, role, sender_id, search, embedding, created_at)
         select gen_random_uuid(), $1, c.id, s, 'user', 'x', to_tsvector('english', 'Ferritin number ' || s), $3::text::halfvec, now()
         from c, generate_series(1, 10) s`,
        [others.tenantId, others.userId, `[${along(1)}]`],
      );
      await database.pool.query("analyze moved_messages");
      const plans: string[] = [];
      const explaining = {
        ...database,
        pool: {
          query: async (text: string, values: unknown[]) => {
            const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(`explain ${text}`, values);
            plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
            return { rows: [] };
          },
        },
      } as unknown as Database;
      const own = await selectSearchable(database, reader);
      await searchMessageRows(explaining, own, { ...words("ferritin"), vector: along(1) });
      expect(plans[0]).toContain("moved_messages_conversation_sequence");
      expect(plans[0]).not.toMatch(/Seq Scan on moved_messages|moved_messages_search/);
      await selectUnsearchable(explaining, { after: null, until: null, limit: 10 });
      expect(plans[1]).toContain("moved_messages_unembedded");
      expect(plans[1]).not.toContain("Seq Scan on moved_messages");
    });
  });

  describe("vectors of messages", () => {
    async function unembedded(database: Database): Promise<string[]> {
      const { rows } = await database.pool.query<{ content: string }>(
        "select content from messages where embedding is null and status in ('complete', 'stopped') and content <> ''",
      );
      return rows.map(({ content }) => content);
    }

    test("every finished message gets one, an answer with its question, and none twice", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      while ((await embedMessageRows(database, 50, async (rows) => rows.map(() => along(0)))) > 0);
      const [question] = await write(database, reader, id, [
        { content: "Is it safe?", at: "2026-03-01T10:00:00Z" },
        { content: "It is safe.", at: "2026-03-01T10:00:01Z" },
        { content: "", at: "2026-03-01T10:00:02Z" },
        { content: "still", status: "streaming" },
      ]);
      await database.pool.query(
        "update messages set role = 'assistant', parent_id = $2 where conversation_id = $1 and content = 'It is safe.'",
        [id, question],
      );
      const seen: object[] = [];
      const embed = async (rows: { content: string; question: string | null }[]) => {
        seen.push(...rows.map(({ content, question }) => ({ content, question })));
        return rows.map(() => along(1));
      };
      expect(await embedMessageRows(database, 10, embed)).toBe(2);
      expect(seen).toEqual([
        { content: "Is it safe?", question: null },
        { content: "It is safe.", question: "Is it safe?" },
      ]);
      expect(await embedMessageRows(database, 10, embed)).toBe(0);
      expect(await found(database, reader, { ...nothing, vector: along(1) })).toHaveLength(2);
    });

    test("what a failure leaves is found by the next look", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      await write(database, reader, id, [{ content: "first" }, { content: "second" }]);
      await expect(embedMessageRows(database, 10, () => Promise.reject(new Error("model gone")))).rejects.toThrow(
        "gone",
      );
      await expect(embedMessageRows(database, 10, async () => [along(1)])).rejects.toThrow("without its vector");
      while ((await embedMessageRows(database, 10, async (rows) => rows.map(() => along(1)))) > 0);
      expect(await unembedded(database)).toEqual([]);
    });

    test("two processes do not embed the same messages", async () => {
      const { database } = await open();
      if (database.isEmbedded) return; // has one process
      const reader = await makeReader(database);
      const id = await insertConversation(database, reader, "Title");
      await write(
        database,
        reader,
        id,
        Array.from({ length: 6 }, (_, at) => ({ content: `message ${at}` })),
      );
      const seen: string[] = [];
      const both = Promise.withResolvers<void>();
      let waiting = 0;
      const embed = async (rows: { content: string }[]) => {
        seen.push(...rows.map(({ content }) => content));
        waiting += 1;
        if (waiting === 2) both.resolve();
        await both.promise; // each holds its rows while the other chooses
        return rows.map(() => along(1));
      };
      expect(await Promise.all([embedMessageRows(database, 3, embed), embedMessageRows(database, 3, embed)])).toEqual([
        3, 3,
      ]);
      expect(new Set(seen).size).toBe(6);
      expect(await unembedded(database)).toEqual([]);
    });
  });
}
