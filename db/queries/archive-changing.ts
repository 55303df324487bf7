import { type Database, transaction } from "../pool.ts";
import type { ArchiveReason } from "./archive.ts";
import { insertAudit } from "./audit.ts";
import type { Reader } from "./conversations.ts";

export type ArchiveMode = "normal" | "pseudonymised" | "off";
export type ArchiveChange =
  | { action: "archive" | "restore" | "delete" | "hold" | "release" }
  | { action: "retain"; until: string };

/** `held`: what is held is not deleted. `unchanged`: it was so already. */
export type ArchiveOutcome = "done" | "unchanged" | "absent" | "held";

/** Changes one of the tenant's conversations for everybody in it and records it, in one transaction. */
export async function changeArchived(
  database: Database,
  actor: Reader,
  conversationId: string,
  change: ArchiveChange,
  reason: ArchiveReason,
  details: Record<string, unknown> = {},
): Promise<ArchiveOutcome> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{
      archived: boolean;
      deleted: boolean;
      byArchive: boolean;
      held: string | null;
      isHeld: boolean;
    }>(
      `select archived, deleted_at is not null as deleted, deleted_by_archive as "byArchive", held_until::text as held,
         coalesce(held_until > now(), false) as "isHeld"
       from conversations where tenant_id = $1 and id = $2 for update`,
      [actor.tenantId, conversationId],
    );
    const before = rows[0];
    if (!before) return "absent";
    if (change.action === "delete" && before.isHeld) return "held";
    const run = (text: string, ...values: unknown[]) => client.query(text, [conversationId, ...values]);
    switch (change.action) {
      case "archive":
        if (before.archived) return "unchanged";
        await run("update conversations set archived = true, archived_since = now() where id = $1");
        await run(
          `update participants set archived_at = coalesce(archived_at, now())
           where conversation_id = $1 and kind = 'human'`,
        );
        break;
      case "restore":
        if (!before.archived && !before.deleted) return "unchanged";
        // What people had put away themselves stays put away.
        await run(
          `update participants p set archived_at = null from conversations c
           where c.id = $1 and p.conversation_id = c.id and p.archived_at = c.archived_since`,
        );
        await run(
          `update conversations set archived = false, archived_since = null, deleted_at = null,
             deleted_by_archive = false where id = $1`,
        );
        break;
      case "delete":
        if (before.byArchive) return "unchanged";
        await run(
          `update conversations set deleted_at = coalesce(deleted_at, now()), deleted_by_archive = true where id = $1`,
        );
        break;
      case "hold":
        if (before.held === "infinity") return "unchanged";
        await run("update conversations set held_until = 'infinity' where id = $1");
        break;
      case "release":
        if (before.held === null) return "unchanged";
        await run("update conversations set held_until = null where id = $1");
        break;
      case "retain":
        await run("update conversations set held_until = $2::timestamptz where id = $1", change.until);
        break;
    }
    await insertAudit(client, {
      tenantId: actor.tenantId,
      actorId: actor.userId,
      action: `archive.${change.action}`,
      subjectType: "conversation",
      subjectId: conversationId,
      details: {
        reasonKind: reason.kind,
        reason: reason.text,
        ...(change.action === "retain" && { until: change.until }),
        ...(before.held !== null && { heldBefore: before.held }),
        ...details,
      },
    });
    return "done";
  });
}

/** The role of somebody who may act in a tenant; null when they no longer may. */
export async function selectActingRole(database: Database, tenantId: string, userId: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ role: string }>(
    `select m.role from members m join users u on u.id = m.user_id
     where m.tenant_id = $1 and m.user_id = $2 and u.disabled_at is null and m.disabled_at is null`,
    [tenantId, userId],
  );
  return rows[0]?.role ?? null;
}

export async function selectArchiveMode(database: Database, tenantId: string): Promise<ArchiveMode> {
  const { rows } = await database.pool.query<{ mode: ArchiveMode }>(
    "select archive_mode as mode from tenants where id = $1",
    [tenantId],
  );
  // A tenant that is not to be seen has no archive either.
  return rows[0]?.mode ?? "off";
}

/**
 * Changes the mode and records it, in one transaction.
 * @param check throws when the change from the present mode is not for whoever asks; nothing is changed then
 */
export async function updateArchiveMode(
  database: Database,
  actor: Reader,
  mode: ArchiveMode,
  check: (from: ArchiveMode) => void,
): Promise<void> {
  await transaction(database, async (client) => {
    const { rows } = await client.query<{ mode: ArchiveMode }>(
      "select archive_mode as mode from tenants where id = $1 for update",
      [actor.tenantId],
    );
    const from = rows[0]?.mode ?? "off";
    check(from);
    if (from === mode) return;
    await client.query("update tenants set archive_mode = $2 where id = $1", [actor.tenantId, mode]);
    await insertAudit(client, {
      tenantId: actor.tenantId,
      actorId: actor.userId,
      action: "archive.mode",
      subjectType: "tenant",
      subjectId: actor.tenantId,
      details: { from, to: mode },
    });
  });
}

/** The key of the tenant's pseudonyms; the first that is offered stays. */
export async function archiveKey(database: Database, tenantId: string, offered: Buffer): Promise<Buffer> {
  await database.pool.query(
    "insert into archive_keys (tenant_id, key) values ($1, $2) on conflict (tenant_id) do nothing",
    [tenantId, offered],
  );
  const { rows } = await database.pool.query<{ key: Buffer }>("select key from archive_keys where tenant_id = $1", [
    tenantId,
  ]);
  if (!rows[0]) throw new Error(`the tenant ${tenantId} has no key for pseudonyms`);
  return rows[0].key;
}
