import { afterAll, beforeAll, describe } from "vitest";
import type { OpenTestDatabase, TestDatabase } from "#db/contract/types.ts";
import { migrateDatabase, openDatabase } from "#db/index.ts";
import { openTemporaryPostgres, type TemporaryPostgres } from "../storage/temporary.ts";

/**
 * Runs one suite on the embedded Postgres always, and on a real one when `DATABASE_URL` names a server whose role may
 * create databases. Each suite has a database of its own, removed at its end; a test makes its own rows.
 */
export function describeDatabases(name: string, suite: (open: OpenTestDatabase) => void): void {
  describe(`${name} on the embedded Postgres`, () => suite(oneDatabase(undefined)));
  const server = process.env.DATABASE_URL;
  if (server) describe(`${name} on a real Postgres`, () => suite(oneDatabase(server)));
  else
    describe.skip(`${name} on a real Postgres (skipped: DATABASE_URL is not set)`, () => suite(oneDatabase(undefined)));
}

function oneDatabase(server: string | undefined): OpenTestDatabase {
  let postgres: TemporaryPostgres | undefined;
  let opened: TestDatabase | undefined;
  beforeAll(async () => {
    postgres = await openTemporaryPostgres(server);
    await migrateDatabase(postgres.url);
    opened = { database: await openDatabase({ url: postgres.url }), url: postgres.url };
  });
  afterAll(async () => {
    await opened?.database.close();
    await postgres?.close();
  });
  return async () => {
    if (!opened) throw new Error("the database is opened before the suite's tests, not while they are collected");
    return opened;
  };
}
