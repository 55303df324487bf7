import pg from "pg";
import { describe, expect, test } from "vitest";
import { migrateDatabase, NewerDatabaseError } from "../index.ts";
import type { OpenTestDatabase } from "./types.ts";

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

export function testMigrations(open: OpenTestDatabase): void {
  describe("migrations", () => {
    test("a second run changes nothing", async () => {
      const { url } = await open();
      const before = await query(url, "select * from drizzle.__drizzle_migrations order by id");
      expect(before.length).toBeGreaterThan(0);
      expect(await migrateDatabase(url)).toBe(0);
      expect(await query(url, "select * from drizzle.__drizzle_migrations order by id")).toEqual(before);
    });

    test("a database of a newer version is refused, with what to do, and left alone", async () => {
      const { url } = await open();
      const later = Date.UTC(2099, 4, 3);
      await query(url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', ${later})`);
      try {
        const refused = migrateDatabase(url);
        await expect(refused).rejects.toBeInstanceOf(NewerDatabaseError);
        await expect(refused).rejects.toThrow(/2099-05-03.*newer version.*restore a backup/s);
        // The lock is free again, so that the right version can start.
        await expect(migrateDatabase(url)).rejects.toBeInstanceOf(NewerDatabaseError);
      } finally {
        await query(url, "delete from drizzle.__drizzle_migrations where hash = 'later'");
      }
      expect(await migrateDatabase(url)).toBe(0);
    });

    test("each index that the searches rest on is there", async () => {
      const { url } = await open();
      const rows = await query(url, "select indexname from pg_indexes where schemaname = 'public'");
      expect(rows.map((row) => row.indexname)).toEqual(
        expect.arrayContaining([
          "messages_conversation_sequence",
          "messages_search",
          "conversations_tenant_time",
          "message_citations_source",
          "documents_collection_source",
        ]),
      );
    });
  });
}
