import type { Database } from "../index.ts";

export interface TestDatabase {
  database: Database;
  url: string;
}

/** The suite's database, migrated and empty at its start; a test makes rows of its own. */
export type OpenTestDatabase = () => Promise<TestDatabase>;
