/** The database's door: schema, migrations and every SQL statement. Takes an address, knows nothing of the rest. */
export { migrateDatabase, NewerDatabaseError } from "./migrate.ts";
export { type Database, openDatabase } from "./pool.ts";
export * from "./queries/accounts.ts";
export * from "./queries/answers.ts";
export * from "./queries/collections.ts";
export * from "./queries/conversations.ts";
export * from "./queries/documents.ts";
export * from "./queries/ingest-runs.ts";
export type { Likeness, Signature } from "./queries/label-clusters.ts";
export * from "./queries/reading.ts";
export * from "./queries/relations.ts";
export * from "./queries/retrieval.ts";
export * from "./queries/spaces.ts";
export * from "./queries/standings.ts";
export * as schema from "./schema/index.ts";
