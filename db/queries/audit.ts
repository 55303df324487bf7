import type pg from "pg";

/** Something that somebody did, as the audit log keeps it. */
export interface AuditEntry {
  /** Null: of no tenant, such as a sign-in with an unknown address. */
  tenantId: string | null;
  /** A user's id, `operator` for whoever holds the machine, `anonymous`. */
  actorId: string;
  /** What was done, from the general to the special: `sign-in`, `sign-in.refused`, `archive.read`, `member.role`. */
  action: string;
  subjectType: string;
  subjectId: string;
  details?: Record<string, unknown>;
}

/** The same for what somebody does with a conversation. */
export function insertConversationAudit(
  client: Pick<pg.ClientBase, "query">,
  actor: { tenantId: string; userId: string },
  conversationId: string,
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  const { tenantId, userId } = actor;
  return insertAudit(client, {
    tenantId,
    actorId: userId,
    action: `conversation.${action}`,
    subjectType: "conversation",
    subjectId: conversationId,
    details,
  });
}

/** Adds a row; the chain of hashes is the trigger's work. Takes the client of the deed's own transaction, or a pool. */
export async function insertAudit(client: Pick<pg.ClientBase, "query">, entry: AuditEntry): Promise<void> {
  await client.query(
    `insert into audit_log (tenant_id, actor_id, action, subject_type, subject_id, details)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      entry.tenantId,
      entry.actorId,
      entry.action,
      entry.subjectType,
      entry.subjectId,
      JSON.stringify(entry.details ?? {}),
    ],
  );
}
