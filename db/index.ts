/** The database's door: schema, migrations and every SQL statement. Takes an address, knows nothing of the rest. */
export { migrateDatabase, NewerDatabaseError } from "./migrate.ts";
export { type Database, openDatabase, withClient } from "./pool.ts";
export * from "./queries/accounts.ts";
export * from "./queries/active-member.ts";
export * from "./queries/answers.ts";
export * from "./queries/archive.ts";
export * from "./queries/archive-changing.ts";
export * from "./queries/archive-finding.ts";
export * from "./queries/archive-jobs.ts";
export * from "./queries/audit.ts";
export * from "./queries/audit-reading.ts";
export * from "./queries/collection-figures.ts";
export * from "./queries/collections.ts";
export * from "./queries/conversation-links.ts";
export * from "./queries/conversation-lists.ts";
export * from "./queries/conversations.ts";
export * from "./queries/documents.ts";
export * from "./queries/feedback.ts";
export * from "./queries/identifiers.ts";
export * from "./queries/ingest-runs.ts";
export type { Likeness, Signature } from "./queries/label-clusters.ts";
export * from "./queries/labels.ts";
export * from "./queries/message-months.ts";
export * from "./queries/message-search.ts";
export * from "./queries/messages.ts";
export * from "./queries/model-usage.ts";
export * from "./queries/moved-messages.ts";
export {
  keepMovedSearch,
  type MovedText,
  selectContents,
  selectEmbeddedMoved,
  selectUnsearchable,
} from "./queries/moved-search.ts";
export * from "./queries/names.ts";
export * from "./queries/participants.ts";
export * from "./queries/people.ts";
export * from "./queries/privacy.ts";
export * from "./queries/purge.ts";
export * from "./queries/reading.ts";
export * from "./queries/receipts.ts";
export * from "./queries/references.ts";
export * from "./queries/relations.ts";
export * from "./queries/retrieval.ts";
export * from "./queries/run-control.ts";
export * from "./queries/run-reading.ts";
export * from "./queries/schedules.ts";
export * from "./queries/single-sign-on.ts";
export * from "./queries/space-merge.ts";
export * from "./queries/spaces.ts";
export * from "./queries/standings.ts";
export * from "./queries/tenants.ts";
export type { StoredIdentifier } from "./queries/title-identifiers.ts";
export * from "./queries/usage-figures.ts";
export * as schema from "./schema/index.ts";
