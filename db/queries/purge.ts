import { type Database, transaction } from "../pool.ts";
import { insertConversationAudit } from "./audit.ts";
import type { Reader } from "./conversations.ts";

/** A conversation that is gone for good, with its messages, citations, receipts and feedback. */
export interface PurgedConversation {
  id: string;
  tenantId: string;
  /** Where its messages lay in the object store, if they had been moved there. */
  moved: unknown;
}

/** Neither its owner nor the archive wants it kept. */
const mayGo = "(retain_until is null or retain_until <= now()) and (held_until is null or held_until <= now())";

/** Removes the reader's own conversation at once, without a time of grace: one that never came to be. */
export async function removeConversation(database: Database, reader: Reader, id: string): Promise<void> {
  await database.pool.query("delete from conversations where tenant_id = $1 and owner_id = $2 and id = $3", [
    reader.tenantId,
    reader.userId,
    id,
  ]);
}

/**
 * Conversations deleted at least `graceDays` ago, the longest deleted first. What is to be retained longer is not among
 * them, whoever deleted it.
 */
export async function selectPurgeable(
  database: Database,
  graceDays: number,
  limit: number,
): Promise<PurgedConversation[]> {
  const { rows } = await database.pool.query<PurgedConversation>(
    `select id, tenant_id as "tenantId", moved from conversations
     where deleted_at <= now() - make_interval(days => $1) and ${mayGo}
     order by deleted_at limit $2`,
    [graceDays, limit],
  );
  return rows;
}

/** Removes one for good; false when it has been restored meanwhile, or is to be retained. */
export async function purgeConversation(database: Database, id: string, graceDays: number): Promise<boolean> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{ tenantId: string; ownerId: string }>(
      `delete from conversations where id = $1 and deleted_at <= now() - make_interval(days => $2) and ${mayGo}
       returning tenant_id as "tenantId", owner_id as "ownerId"`,
      [id, graceDays],
    );
    const gone = rows[0];
    if (!gone) return false;
    const clock = { tenantId: gone.tenantId, userId: "retention" };
    await insertConversationAudit(client, clock, id, "purge", { owner: gone.ownerId });
    return true;
  });
}

/** The day before which a conversation is not removed for good; null for none. Only its owner sets it. */
export async function setRetention(
  database: Database,
  reader: Reader,
  id: string,
  retainUntil: Date | null,
): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `update conversations set retain_until = $4
     where tenant_id = $1 and owner_id = $2 and id = $3 and deleted_at is null`,
    [reader.tenantId, reader.userId, id, retainUntil],
  );
  return rowCount === 1;
}

/** Marks as deleted what nobody has used for so many days; what is to be retained longer is left. Returns how many. */
export async function deleteSilentConversations(database: Database, days: number, limit: number): Promise<number> {
  const { rowCount } = await database.pool.query(
    `with gone as (
       update conversations set deleted_at = now() where id in (
         select id from conversations where deleted_at is null and updated_at <= now() - make_interval(days => $1)
           and ${mayGo} order by updated_at limit $2 for update skip locked) returning id, tenant_id)
     insert into audit_log (tenant_id, actor_id, action, subject_type, subject_id, details)
     select tenant_id, 'retention', 'conversation.retire', 'conversation', id, jsonb_build_object('days', $1::int)
     from gone order by tenant_id, id`,
    [days, limit],
  );
  return rowCount ?? 0;
}
