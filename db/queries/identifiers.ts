import type pg from "pg";
import { type Database, transaction } from "../pool.ts";
import { insertAudit } from "./audit.ts";
import { mayRead } from "./conversation-fragments.ts";
import type { Reader } from "./conversations.ts";
import { once, type StoredIdentifier } from "./title-identifiers.ts";

/** Takes the identifiers out of a text, given those that the conversation knows. */
export type Redact = (known: StoredIdentifier[]) => { text: string; identifiers: StoredIdentifier[] };

/** All that a conversation's messages have replaced, each placeholder once, as it was first written. */
export async function identifiersOf(
  client: Pick<pg.PoolClient, "query">,
  conversationId: string,
  month: string,
): Promise<StoredIdentifier[]> {
  const { rows } = await client.query<{ identifiers: StoredIdentifier[] }>(
    `select identifiers from messages where month = $2 and conversation_id = $1 and identifiers is not null
     order by sequence_id`,
    [conversationId, month],
  );
  return once(rows.flatMap(({ identifiers }) => identifiers));
}

/** The same for a reader of the conversation; none when it is not theirs, or lies in the object store. */
export async function selectIdentifiers(
  database: Database,
  reader: Reader,
  conversationId: string,
): Promise<StoredIdentifier[]> {
  const { rows } = await database.pool.query<{ identifiers: StoredIdentifier[] }>(
    `select m.identifiers from conversations c join messages m on m.month = c.month and m.conversation_id = c.id
     where ${mayRead} and c.id = $3 and m.identifiers is not null order by m.sequence_id`,
    [reader.tenantId, reader.userId, conversationId],
  );
  return once(rows.flatMap(({ identifiers }) => identifiers));
}

/** What stands behind the placeholders of one message, for a reader of its conversation. */
export async function selectMessageIdentifiers(
  database: Database,
  reader: Reader,
  conversationId: string,
  messageId: string,
): Promise<StoredIdentifier[]> {
  const { rows } = await database.pool.query<{ identifiers: StoredIdentifier[] | null }>(
    `select m.identifiers from conversations c join messages m on m.month = c.month and m.conversation_id = c.id
     where ${mayRead} and c.id = $3 and m.id = $4`,
    [reader.tenantId, reader.userId, conversationId, messageId],
  );
  return rows[0]?.identifiers ?? [];
}

/** As the column has them: the first of each placeholder; null when there are none. */
export function joinedIdentifiers(...lists: StoredIdentifier[][]): string | null {
  const all = once(lists.flat());
  return all.length === 0 ? null : JSON.stringify(all);
}

/** What a tenant does with identifiers: `warn`, `redact` or `refuse`. */
export async function selectIdentifierPolicy(database: Database, tenantId: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ policy: string }>(
    "select phi_policy as policy from tenants where id = $1",
    [tenantId],
  );
  return rows[0]?.policy ?? null;
}

/** Changes it, and records who did in the same transaction. */
export async function updateIdentifierPolicy(database: Database, actor: Reader, policy: string): Promise<void> {
  await transaction(database, async (client) => {
    const { rows } = await client.query<{ policy: string }>(
      "select phi_policy as policy from tenants where id = $1 for update",
      [actor.tenantId],
    );
    const from = rows[0]?.policy ?? null;
    if (from === policy) return;
    await client.query("update tenants set phi_policy = $2 where id = $1", [actor.tenantId, policy]);
    await insertAudit(client, {
      tenantId: actor.tenantId,
      actorId: actor.userId,
      action: "identifier-policy.change",
      subjectType: "tenant",
      subjectId: actor.tenantId,
      details: { from, to: policy },
    });
  });
}
