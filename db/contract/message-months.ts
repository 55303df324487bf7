import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type Database,
  insertConversation,
  insertQuestion,
  monthPartition,
  type Reader,
  selectIdleConversations,
  selectMessageMonths,
  selectMovedPlace,
  trimEmptyMonth,
} from "../index.ts";
import type { OpenTestDatabase } from "./types.ts";

async function makeReader(database: Database): Promise<Reader> {
  const { rows } = await database.pool.query<Reader>(
    `with tenant as (insert into tenants (slug, name) values ($1, 'T') returning id),
       person as (insert into users (name, email) values ('Reader', $1 || '@example.org') returning id)
     insert into members (tenant_id, user_id, role) select tenant.id, person.id, 'clinician' from tenant, person
     returning tenant_id as "tenantId", user_id as "userId"`,
    [randomUUID()],
  );
  return rows[0] as Reader;
}

/** Of a month in which no other test files anything. */
async function makeOld(database: Database, reader: Reader, month: string): Promise<string> {
  const id = await insertConversation(database, reader, "Long ago");
  await database.pool.query("update conversations set month = $2 where id = $1", [id, month]);
  await database.pool.query("select ensure_message_month($1)", [month]);
  await insertQuestion(database, reader, id, { question: "When?", collections: [], eventsAfter: "0" });
  return id;
}

export function testMessageMonths(open: OpenTestDatabase): void {
  describe("months of messages", () => {
    test("are listed with what lies there, and give their room back when nothing does", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const month = "1999-02-01";
      const id = await makeOld(database, reader, month);
      const listed = async () => (await selectMessageMonths(database)).find((one) => one.month === month);
      expect(await listed()).toMatchObject({ conversations: 1, messages: 2, movedConversations: 0, movedMessages: 0 });
      expect((await listed())?.bytes).toBeGreaterThan(0);
      expect(await trimEmptyMonth(database, month)).toBe(false);
      await database.pool.query("delete from conversations where id = $1", [id]);
      expect(await trimEmptyMonth(database, month)).toBe(true);
      const rows = await database.pool.query<{ bytes: number }>("select pg_relation_size($1)::int as bytes", [
        monthPartition(month),
      ]);
      expect(rows.rows).toEqual([{ bytes: 0 }]);
      expect(await trimEmptyMonth(database, "1998-01-01")).toBe(true); // there is none
      await makeOld(database, reader, month); // the month comes again
      expect(await listed()).toMatchObject({ conversations: 1, messages: 2 });
    });

    test("a partition is named by the first day of its month, and by nothing else", () => {
      expect(monthPartition("2025-03-01")).toBe("messages_2025_03");
      for (const month of ["2025-03-02", "2025-13-01", "2025-03", "2025-03-01; drop table messages"])
        expect(() => monthPartition(month), month).toThrow(RangeError);
    });

    test("idle are those that nobody writes in, page by page", async () => {
      const { database } = await open();
      const reader = await makeReader(database);
      const month = "1999-03-01";
      const made = await Promise.all([1, 2, 3].map(() => makeOld(database, reader, month)));
      const idle = (after: string | null, limit: number) =>
        selectIdleConversations(database, month, 30, { after, limit });
      expect(await idle(null, 10)).toEqual([]);
      await database.pool.query("update conversations set updated_at = now() - interval '31 days' where month = $1", [
        month,
      ]);
      expect(await idle(null, 10), "an answer is still being made").toEqual([]);
      await database.pool.query("update messages set status = 'complete' where month = $1", [month]);
      const first = await idle(null, 2);
      const rest = await idle(first.at(-1)?.id ?? null, 2);
      expect([...first, ...rest].map(({ id }) => id)).toEqual(made.sort());
      expect(first[0]).toMatchObject({ month, revision: 1 });
      expect(await selectMovedPlace(database, made[0] ?? "")).toBeNull();
    });
  });
}
