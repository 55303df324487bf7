import { type Database, transaction } from "../pool.ts";
import { insertAudit } from "./audit.ts";
import { isParticipant, isSender, messageColumns } from "./conversation-fragments.ts";
import type { MessageRow, ParticipantRow, Reader } from "./conversations.ts";
import type { MessagePage } from "./messages.ts";

export interface ArchivedRow {
  id: string;
  title: string;
  ownerId: string;
  ownerName: string;
  ownerEmail: string;
  createdAt: Date;
  updatedAt: Date;
  /** `updatedAt` to the microsecond. */
  position: string;
  messageCount: number;
  people: number;
  archived: boolean;
  deletedAt: Date | null;
  deletedByArchive: boolean;
  retainUntil: Date | null;
  /** ISO, or `infinity` for a legal hold; null once it is over. */
  heldUntil: string | null;
  moved: boolean;
  /** First day of the month its messages are filed under. */
  month: string;
}

/** Of a conversation c and its owner u. */
export const archivedColumns = `c.id, c.title, c.owner_id as "ownerId", coalesce(u.name, 'Unknown') as "ownerName",
  coalesce(u.email, '') as "ownerEmail",
  c.created_at as "createdAt", c.updated_at as "updatedAt",
  to_char(c.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position,
  c.message_count as "messageCount",
  (select count(*)::int from participants q where q.conversation_id = c.id and q.kind = 'human') as people,
  c.archived, c.deleted_at as "deletedAt", c.deleted_by_archive as "deletedByArchive",
  c.retain_until as "retainUntil",
  case when c.held_until = 'infinity' then 'infinity' when c.held_until > now() then
    to_char(c.held_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as "heldUntil",
  c.moved is not null as moved, c.month::text`;

/** One of the tenant's conversations, deleted ones in their time of grace among them. */
export async function selectArchivedOne(database: Database, tenantId: string, id: string): Promise<ArchivedRow | null> {
  const { rows } = await database.pool.query<ArchivedRow>(
    `select ${archivedColumns} from conversations c left join users u on u.id = c.owner_id where c.tenant_id = $1 and c.id = $2`,
    [tenantId, id],
  );
  return rows[0] ?? null;
}

/** Everybody who takes part in one of the tenant's conversations. */
export async function selectArchivedPeople(
  database: Database,
  tenantId: string,
  id: string,
): Promise<ParticipantRow[]> {
  const { rows } = await database.pool.query<ParticipantRow>(
    `select q.participant_id as id, q.kind, coalesce(u.name, 'Probatum') as name, q.role, q.joined_at as "joinedAt",
       q.last_read_sequence::float8 as "lastRead"
     from conversations c join participants q on q.conversation_id = c.id left join users u on ${isParticipant("q")}
     where c.tenant_id = $1 and c.id = $2 order by q.joined_at, q.kind desc, q.participant_id`,
    [tenantId, id],
  );
  return rows;
}

/** A page of its messages where they lie in the database; who may read them is for the caller to have asked. */
export async function selectArchivedMessages(
  database: Database,
  tenantId: string,
  conversation: Pick<ArchivedRow, "id" | "month">,
  { limit, after, before }: MessagePage,
): Promise<MessageRow[]> {
  const bound = after !== undefined ? "and sequence_id > $5" : before !== undefined ? "and sequence_id < $5" : "";
  const { rows } = await database.pool.query<MessageRow>(
    `select ${messageColumns} from (
       select * from messages where tenant_id = $1 and month = $2 and conversation_id = $3 ${bound}
       order by sequence_id ${after === undefined ? "desc" : "asc"} limit $4) m
     left join users u on ${isSender} order by m.sequence_id`,
    [tenantId, conversation.month, conversation.id, limit, ...(bound ? [after ?? before] : [])],
  );
  return rows;
}

export interface ArchiveReason {
  kind: string;
  text: string;
}

/**
 * Records why somebody will read a conversation, and lets them for so many minutes: both or neither.
 * @returns until when; null when the tenant has no such conversation
 */
export async function insertOpening(
  database: Database,
  actor: Reader,
  conversationId: string,
  reason: ArchiveReason,
  minutes: number,
): Promise<Date | null> {
  return transaction(database, async (client) => {
    const { rows } = await client.query<{ expiresAt: Date }>(
      `insert into archive_openings (tenant_id, user_id, conversation_id, reason_kind, reason, expires_at)
       select $1, $2, c.id, $4, $5, now() + make_interval(mins => $6) from conversations c
       where c.tenant_id = $1 and c.id = $3 returning expires_at as "expiresAt"`,
      [actor.tenantId, actor.userId, conversationId, reason.kind, reason.text, minutes],
    );
    const expiresAt = rows[0]?.expiresAt;
    if (!expiresAt) return null;
    await insertAudit(client, {
      tenantId: actor.tenantId,
      actorId: actor.userId,
      action: "archive.read",
      subjectType: "conversation",
      subjectId: conversationId,
      details: { reasonKind: reason.kind, reason: reason.text, until: expiresAt.toISOString() },
    });
    return expiresAt;
  });
}

/** Until when this person may read this conversation; null when they have given no reason, or too long ago. */
export async function selectOpening(database: Database, actor: Reader, conversationId: string): Promise<Date | null> {
  const { rows } = await database.pool.query<{ expiresAt: Date }>(
    `select max(expires_at) as "expiresAt" from archive_openings
     where tenant_id = $1 and user_id = $2 and conversation_id = $3 and expires_at > now() having count(*) > 0`,
    [actor.tenantId, actor.userId, conversationId],
  );
  return rows[0]?.expiresAt ?? null;
}
