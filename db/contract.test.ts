import { describe, expect, test } from "vitest";
import { describeDatabases } from "#lib/testing/databases.ts";
import { openTemporaryPostgres } from "../lib/storage/temporary.ts";
import { testAccounts } from "./contract/accounts.ts";
import { testConversations } from "./contract/conversations.ts";
import { testDocuments } from "./contract/documents.ts";
import { testMigrations } from "./contract/migrations.ts";
import { testRetrieval } from "./contract/retrieval.ts";
import { testSpaces } from "./contract/spaces.ts";
import { testTruth } from "./contract/truth.ts";
import { migrateDatabase } from "./index.ts";

// One embedded Postgres serves all: opening one takes seconds.
describeDatabases("the database", (open) => {
  testMigrations(open);
  testAccounts(open);
  testDocuments(open);
  testRetrieval(open);
  testSpaces(open);
  testTruth(open);
  testConversations(open);
});

const server = process.env.DATABASE_URL;
describe.skipIf(!server)(`two processes at once${server ? "" : " (skipped: DATABASE_URL is not set)"}`, () => {
  test("only one of them migrates a new database", async () => {
    const postgres = await openTemporaryPostgres(server);
    try {
      const applied = await Promise.all([1, 2, 3].map(() => migrateDatabase(postgres.url)));
      const [most = 0, ...others] = applied.toSorted((left, right) => right - left);
      expect(most).toBeGreaterThan(0);
      expect(others).toEqual([0, 0]);
    } finally {
      await postgres.close();
    }
  });
});
