import { type Database, transaction } from "../pool.ts";
import { insertConversationAudit } from "./audit.ts";
import { mayRead } from "./conversation-fragments.ts";
import type { Reader } from "./conversations.ts";
import { type GivenRole, lockShared, participantLimit, type SharingOutcome } from "./participants.ts";

export interface LinkRow {
  id: string;
  role: GivenRole;
  /** Null when their account is gone. */
  createdBy: string | null;
  createdByName: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** What a link opens, as the one who opens it is told before they join. */
export interface LinkedConversationRow {
  conversationId: string;
  title: string;
  role: GivenRole;
  invitedBy: string;
  /** The reader takes part already. */
  present: boolean;
}

const linkColumns = `l.id, l.role, l.created_by as "createdBy", u.name as "createdByName", l.created_at as "createdAt",
  l.expires_at as "expiresAt"`;

/** A link holds as long as it is neither revoked nor expired and whoever made it may invite. */
const holds = `l.revoked_at is null and l.expires_at > now() and exists (
  select 1 from participants i where i.conversation_id = l.conversation_id and i.participant_id = l.created_by::text
    and i.role in ('owner', 'writer'))`;

const openLink = `conversation_links l join conversations c on c.id = l.conversation_id and c.deleted_at is null
  where l.token_hash = $2 and c.tenant_id = $1 and ${holds}`;

/** @returns the link, or why there is none */
export async function insertLink(
  database: Database,
  reader: Reader,
  conversationId: string,
  link: { tokenHash: Buffer; role: GivenRole; days: number },
): Promise<LinkRow | SharingOutcome> {
  return transaction(database, async (client) => {
    const own = await lockShared(client, reader, conversationId);
    if (own === null) return "absent";
    if (own === "reader") return "refused";
    const { rows } = await client.query<LinkRow>(
      `with l as (
         insert into conversation_links (conversation_id, token_hash, role, created_by, expires_at)
         values ($1, $2, $3, $4, now() + make_interval(days => $5)) returning *)
       select ${linkColumns} from l join users u on u.id = l.created_by`,
      [conversationId, link.tokenHash, link.role, reader.userId, link.days],
    );
    const made = rows[0];
    if (!made) return "absent";
    const { role, days } = link;
    await insertConversationAudit(client, reader, conversationId, "link", { link: made.id, role, days });
    return made;
  });
}

/** The links that hold, the newest first. */
export async function selectLinks(database: Database, reader: Reader, conversationId: string): Promise<LinkRow[]> {
  const { rows } = await database.pool.query<LinkRow>(
    `select ${linkColumns} from conversations c join conversation_links l on l.conversation_id = c.id
     left join users u on u.id = l.created_by
     where ${mayRead} and c.id = $3 and ${holds} order by l.created_at desc, l.id`,
    [reader.tenantId, reader.userId, conversationId],
  );
  return rows;
}

/** The owner ends any link, a writer their own. */
export async function revokeLink(
  database: Database,
  reader: Reader,
  conversationId: string,
  linkId: string,
): Promise<SharingOutcome> {
  return transaction(database, async (client) => {
    const own = await lockShared(client, reader, conversationId);
    if (own === null) return "absent";
    const { rows } = await client.query<{ createdBy: string | null }>(
      `select created_by as "createdBy" from conversation_links where conversation_id = $1 and id = $2`,
      [conversationId, linkId],
    );
    const link = rows[0];
    if (!link) return "nobody";
    if (own !== "owner" && (own === "reader" || link.createdBy !== reader.userId)) return "refused";
    await client.query("update conversation_links set revoked_at = now() where id = $1 and revoked_at is null", [
      linkId,
    ]);
    await insertConversationAudit(client, reader, conversationId, "link.revoked", { link: linkId });
    return "done";
  });
}

/** What a link opens for a member of its tenant; null when it does not hold, or is another tenant's. */
export async function findLinked(
  database: Database,
  reader: Reader,
  tokenHash: Buffer,
): Promise<LinkedConversationRow | null> {
  const { rows } = await database.pool.query<LinkedConversationRow>(
    `select l.conversation_id as "conversationId", c.title, l.role,
       (select name from users where id = l.created_by) as "invitedBy", exists (
         select 1 from participants p where p.conversation_id = c.id and p.participant_id = $3) as present
     from ${openLink}`,
    [reader.tenantId, tokenHash, reader.userId],
  );
  return rows[0] ?? null;
}

/**
 * Lets the reader take part by a link. One who does already keeps the role they have.
 * @returns null when the link does not hold; `full` when no more people fit
 */
export async function joinByLink(
  database: Database,
  reader: Reader,
  tokenHash: Buffer,
): Promise<{ conversationId: string; joined: boolean } | "full" | null> {
  return transaction(database, async (client) => {
    // Locked first: a link revoked, or a person removed, at this moment is seen as it is afterwards.
    await client.query(
      `select 1 from conversations where tenant_id = $1 and id = (
         select conversation_id from conversation_links where token_hash = $2) for update`,
      [reader.tenantId, tokenHash],
    );
    const { rows } = await client.query<{ id: string; role: GivenRole; invitedBy: string; people: number }>(
      `select l.conversation_id as id, l.role, l.created_by as "invitedBy",
         (select count(*)::int from participants p where p.conversation_id = c.id and p.kind = 'human'
           and p.participant_id <> $3) as people
       from ${openLink}`,
      [reader.tenantId, tokenHash, reader.userId],
    );
    const link = rows[0];
    if (!link) return null;
    if (link.people >= participantLimit) return "full";
    const { rowCount } = await client.query(
      `insert into participants (conversation_id, participant_id, kind, role, invited_by)
       values ($1, $2, 'human', $3, $4) on conflict do nothing`,
      [link.id, reader.userId, link.role, link.invitedBy],
    );
    if (rowCount === 1) {
      const { id, role, invitedBy } = link;
      await insertConversationAudit(client, reader, id, "link.used", { role, invitedBy });
    }
    return { conversationId: link.id, joined: rowCount === 1 };
  });
}
