import { type AuditEntry, type Database, insertAudit } from "#db/index.ts";

export type { AuditEntry } from "#db/index.ts";

/**
 * Writes what somebody did into the tenant's audit log. It is awaited before the deed is answered: what cannot be
 * recorded does not happen. Details are for the security officer: ids, roles and counts, never a question's words.
 * @throws the database's error when it cannot be written
 */
export async function record(deps: { database: Database }, entry: AuditEntry): Promise<void> {
  await insertAudit(deps.database.pool, entry);
}
