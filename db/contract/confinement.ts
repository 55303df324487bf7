import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { NamedStatement } from "../database.ts";
import {
  type Database,
  insertAudit,
  insertConversation,
  insertQuestion,
  openDatabase,
  type Reader,
  retrieve,
  selectConversation,
  writeDocuments,
} from "../index.ts";
import { transaction } from "../pool.ts";
import { makeCollection, makeDocument, spreadVector } from "../testing/corpus.ts";
import type { OpenTestDatabase } from "./types.ts";

const keptPlan = (text: string): NamedStatement => ({ name: "every-conversation", text, keepsPlan: true });

/** Tables that hold nothing of any tenant and may be seen under no condition: the partitions of shared collections. */
const shared = /^(chunks|chunk_terms|vectors)_\d+(_tail)?$/;

export function testConfinement(open: OpenTestDatabase): void {
  describe("a database confined to a tenant", () => {
    test("shows the tenant's rows alone, whatever a statement asks for", async () => {
      const { database } = await open();
      const [one, two] = [await makePerson(database), await makePerson(database)];
      const mine = await ask(database, one);
      const theirs = await ask(database, two);
      const confined = database.confinedTo(one.tenantId);
      const tenants = ["conversations", "messages", "participants", "members", "audit_log"];
      for (const table of tenants) {
        const { rows } = await confined.pool.query(`select distinct tenant_id from ${table}`);
        expect(rows, table).toEqual([{ tenant_id: one.tenantId }]);
      }
      expect((await confined.pool.query("select id from tenants")).rows).toEqual([{ id: one.tenantId }]);
      expect(await selectConversation(confined, one, mine)).not.toBeNull();
      // Even with another tenant's person and id in hand.
      expect(await selectConversation(confined, two, theirs)).toBeNull();
      const changed = await confined.pool.query("update conversations set title = 'Mine now' where id = $1", [theirs]);
      expect(changed.rowCount).toBe(0);
      expect((await confined.pool.query("delete from messages where conversation_id = $1", [theirs])).rowCount).toBe(0);
      expect(await selectConversation(database, two, theirs)).toMatchObject({ title: "Asked" });
    });

    test("writes for no other tenant", async () => {
      const { database } = await open();
      const [one, two] = [await makePerson(database), await makePerson(database)];
      const theirs = await ask(database, two);
      const confined = database.confinedTo(one.tenantId);
      await expect(insertConversation(confined, two, "Slipped in")).rejects.toThrow(/row-level security/);
      await expect(
        confined.pool.query(
          "insert into participants (conversation_id, participant_id, kind, role, tenant_id) values ($1, $2, 'human', 'reader', $3)",
          [theirs, one.userId, one.tenantId],
        ),
      ).rejects.toThrow(); // the trigger looks for the conversation, and sees none
      await expect(
        confined.pool.query("update conversations set tenant_id = $1", [two.tenantId]).then(({ rowCount }) => rowCount),
      ).resolves.toBe(0);
      await ask(confined, one);
      await expect(confined.pool.query("update conversations set tenant_id = $1", [two.tenantId])).rejects.toThrow(
        /row-level security/,
      );
    });

    test("shows nothing of any tenant when none is named", async () => {
      const { database } = await open();
      await ask(database, await makePerson(database));
      for (const table of await tablesWith(database, "tenant_id")) {
        const rows = await transaction(database, async (client) => {
          await client.query("set local role probatum_tenant");
          if (!(await client.query(`select has_table_privilege('${table}', 'select') as may`)).rows[0].may) return [];
          return (await client.query(`select 1 from ${table} where tenant_id is not null`)).rows;
        });
        expect(rows, table).toEqual([]);
      }
    });

    test("words are found in the tenant's conversations alone, and in none when no tenant is named", async () => {
      const { database } = await open();
      const [one, two] = [await makePerson(database), await makePerson(database)];
      const mine = await ask(database, one);
      await ask(database, two);
      const find = "select conversations_saying(websearch_to_tsquery('english', 'warfarin')) as id";
      const { rows } = await database.confinedTo(one.tenantId).pool.query(find);
      expect(rows).toEqual([{ id: mine }]);
      expect((await database.pool.query(find)).rows).toEqual([]);
    });

    test("its role can neither switch row-level security off nor reach what it is not granted", async () => {
      const { database } = await open();
      const one = await makePerson(database);
      await ask(database, one);
      const confined = database.confinedTo(one.tenantId);
      const refused = [
        "alter table conversations disable row level security",
        "alter table conversations no force row level security",
        "drop policy tenant on conversations",
        "create policy mine on conversations using (true)",
        "alter role probatum_tenant bypassrls",
        "select * from sessions",
        "select * from accounts",
        "select * from verifications",
        "select * from audit_heads",
        "update audit_log set action = 'nothing'",
        "delete from audit_log",
        "truncate audit_log",
        "delete from tenants",
        "update tenants set keeps_shared = true",
        "update users set name = 'Other'",
        "insert into collections (slug, title, source_type) values ('x', 'X', 'beir')",
        `select * from messages_${new Date().toISOString().slice(0, 7).replace("-", "_")}`,
      ];
      for (const statement of refused) {
        await expect(confined.pool.query(statement), statement).rejects.toThrow(
          /permission denied|must be owner|denied/,
        );
      }
      // Asked to do without, Postgres refuses instead of showing more.
      await expect(
        transaction(confined, async (client) => {
          await client.query("set local row_security = off");
          return client.query("select * from conversations");
        }),
      ).rejects.toThrow(/row-level security/);
      const { rows } = await confined.pool.query("select count(*)::int as count from conversations"); // still of use
      expect(rows).toEqual([{ count: 1 }]);
    });

    test("every table is behind row-level security or out of its reach", async () => {
      const { database } = await open();
      const { rows } = await database.pool.query<{ name: string; secured: boolean; forced: boolean }>(
        `select relname as name, relrowsecurity as secured, relforcerowsecurity as forced from pg_class
         where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
           and has_table_privilege('probatum_tenant', oid, 'select, insert, update, delete')`,
      );
      expect(rows.length).toBeGreaterThan(20);
      const open_ = rows.filter(({ name, secured }) => !secured && !shared.test(name));
      expect(open_).toEqual([]);
      const ofTenants = new Set(await tablesWith(database, "tenant_id"));
      const unforced = rows.filter(({ name, forced }) => !forced && ofTenants.has(name) && name !== "collections");
      expect(unforced).toEqual([]);
    });

    test("thousand interleaved requests of two tenants over a small pool see no foreign row", async () => {
      const { url } = await open();
      const database = await openDatabase({ url, max: 2 });
      try {
        const people = [await makePerson(database), await makePerson(database)];
        const ids = await Promise.all(people.map((person) => ask(database, person)));
        let foreign = 0;
        let own = 0;
        const request = async (at: number) => {
          const person = people[at % 2] as Reader;
          const confined = database.confinedTo(person.tenantId);
          if (at % 7 === 0) await confined.pool.query("select 1 / 0").catch(() => undefined);
          if (at % 11 === 0) {
            const failing = transaction(confined, async (client) => {
              await client.query("select id from conversations");
              throw new Error("given up");
            });
            await failing.catch(() => undefined);
          }
          // Half of them by a plan that the connection has kept, perhaps from the other tenant's request.
          const text = "select id, tenant_id as tenant from conversations";
          const seen = await confined.pool.query<{ id: string; tenant: string }>(at % 4 < 2 ? text : keptPlan(text));
          foreign += seen.rows.filter(({ tenant }) => tenant !== person.tenantId).length;
          own += seen.rows.filter(({ id }) => id === ids[at % 2]).length;
          // What is unconfined goes on seeing everybody.
          if (at % 97 === 0) {
            const all = await database.pool.query("select 1 from conversations where id = any($1::uuid[])", [ids]);
            expect(all.rowCount).toBe(2);
          }
        };
        const waiting = Array.from({ length: 1_000 }, (_, at) => at);
        await Promise.all(
          Array.from({ length: 20 }, async () => {
            for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) await request(at);
          }),
        );
        expect({ own, foreign }).toEqual({ own: 1_000, foreign: 0 });
      } finally {
        await database.close();
      }
    });

    test("a private collection is its tenant's alone: rows, partitions, vectors and search", async () => {
      const { database } = await open();
      const [one, two] = [await makePerson(database), await makePerson(database)];
      const collection = await makeCollection(database, { tenantId: one.tenantId });
      await writeDocuments(database, collection, [makeDocument("d1", ["A ward's own rule about heparin."])]);
      const filters = { from: "1900-01-01" };
      const request = {
        question: "heparin",
        collections: [{ collection, vector: spreadVector("heparin") }],
        configs: ["english"],
        limit: 5,
      };
      const own = database.confinedTo(one.tenantId);
      expect((await retrieve(own, request)).chunks).toHaveLength(1);
      expect((await retrieve(database, { ...request, filters })).chunks.length).toBeLessThanOrEqual(1);
      const other = database.confinedTo(two.tenantId);
      expect((await retrieve(other, request)).chunks).toEqual([]);
      const tables = ["documents", "chunks", "chunk_terms", "embedding_spaces", "document_names", "term_statistics"];
      for (const table of tables) {
        const { rows } = await other.pool.query(
          `select 1 from ${table} where ${table}.collection_id = $1`.replace(
            "embedding_spaces.collection_id",
            "collection_id",
          ),
          [collection.id],
        );
        expect(rows, table).toEqual([]);
      }
      for (const table of [
        `chunks_${collection.id}`,
        `chunk_terms_${collection.id}`,
        `vectors_${collection.spaceId}_tail`,
      ]) {
        expect((await own.pool.query(`select 1 from ${table}`)).rowCount, table).toBeGreaterThan(0);
        expect((await other.pool.query(`select 1 from ${table}`)).rowCount, table).toBe(0);
      }
    });

    test("is asked for by a UUID alone, and for one tenant", async () => {
      const { database } = await open();
      expect(() => database.confinedTo("'; reset role; --")).toThrow(RangeError);
      const confined = database.confinedTo(randomUUID());
      expect(() => confined.confinedTo(randomUUID())).toThrow(/another's/);
    });

    test("an error of its statement is the one that is thrown, and audit rows chain as ever", async () => {
      const { database } = await open();
      const one = await makePerson(database);
      const confined = database.confinedTo(one.tenantId);
      await expect(confined.pool.query("select nothing from nowhere")).rejects.toThrow(/nowhere/);
      await insertAudit(confined.pool, entry(one));
      await insertAudit(confined.pool, entry(one));
      const { rows } = await confined.pool.query(
        "select hash, previous_hash from audit_log where action = 'test' order by id",
      );
      expect(rows).toHaveLength(2);
      expect(rows[1].previous_hash).toEqual(rows[0].hash);
      await expect(insertAudit(confined.pool, { ...entry(one), tenantId: null })).rejects.toThrow(/row-level security/);
    });
  });
}

const entry = ({ tenantId, userId }: Reader) => ({
  tenantId,
  actorId: userId,
  action: "test",
  subjectType: "test",
  subjectId: "1",
});

async function makePerson(database: Database): Promise<Reader> {
  const { rows } = await database.pool.query<Reader>(
    `with tenant as (insert into tenants (slug, name) values ($1, 'T') returning id),
       person as (insert into users (name, email) values ('Reader', $1 || '@example.org') returning id)
     insert into members (tenant_id, user_id, role) select tenant.id, person.id, 'clinician' from tenant, person
     returning tenant_id as "tenantId", user_id as "userId"`,
    [randomUUID()],
  );
  const person = rows[0] as Reader;
  await insertAudit(database.pool, { ...entry(person), action: "made" });
  return person;
}

async function ask(database: Database, reader: Reader): Promise<string> {
  const id = await insertConversation(database, reader, "Asked");
  await insertQuestion(database, reader, id, { question: "What of warfarin?", collections: [], eventsAfter: "0" });
  return id;
}

async function tablesWith(database: Database, column: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attname = $1 and not a.attisdropped order by 1`,
    [column],
  );
  return rows.map(({ name }) => name);
}
