import type pg from "pg";
import { type Database, transaction } from "../pool.ts";
import { insertConversationAudit } from "./audit.ts";
import { isParticipant, mayRead } from "./conversation-fragments.ts";
import type { ParticipantRow, Reader } from "./conversations.ts";

/** People in one conversation at most. */
export const participantLimit = 100;

export interface ColleagueRow {
  id: string;
  name: string;
  email: string;
}

export type GivenRole = "writer" | "reader";

/** A participant as those who share the conversation see them. */
export interface PersonRow extends ParticipantRow {
  /** Null for the one who answers. */
  email: string | null;
  /** Messages after the last one they have read. */
  unread: number;
}

/**
 * How a change of who takes part came out. `absent`: not the reader's conversation. `refused`: their role in it does
 * not allow this. `nobody`: there is no such colleague, or they do not take part. `owner`: the owner cannot be changed
 * so. `present`: they take part already. `full`: `participantLimit` people do.
 */
export type SharingOutcome = "done" | "absent" | "refused" | "nobody" | "owner" | "present" | "full";

/**
 * Colleagues of the reader's tenant whose name or address holds the text, the reader and the disabled left out.
 * @param search `notIn` leaves out who takes part in a conversation in which the reader does
 */
export async function searchColleagues(
  database: Database,
  reader: Reader,
  search: { text: string; limit: number; notIn: string | null },
): Promise<ColleagueRow[]> {
  const { rows } = await database.pool.query<ColleagueRow>(
    `select u.id, u.name, u.email from members m join users u on u.id = m.user_id
     where m.tenant_id = $1 and u.id <> $2::uuid and u.disabled_at is null and m.disabled_at is null
       and (u.name ilike '%' || $3 || '%' or u.email ilike '%' || $3 || '%')
       and not exists (
         select 1 from participants p join participants own using (conversation_id)
         where conversation_id = $4 and p.participant_id = u.id::text and own.participant_id = $2::text)
     order by (u.name ilike $3 || '%' or u.email ilike $3 || '%') desc, u.name, u.email limit $5`,
    [reader.tenantId, reader.userId, search.text.replace(/[\\%_]/g, "\\$&"), search.notIn, search.limit],
  );
  return rows;
}

/** Everybody who takes part, in the order they joined; for those who were asked who they are before. */
export async function selectPeople(database: Database, conversationId: string): Promise<PersonRow[]> {
  const { rows } = await database.pool.query<PersonRow>(
    `select q.participant_id as id, q.kind, coalesce(u.name, 'Probatum') as name, u.email, q.role,
       q.joined_at as "joinedAt", q.last_read_sequence::float8 as "lastRead",
       greatest(0, c.last_sequence_id - q.last_read_sequence)::float8 as unread
     from conversations c join participants q on q.conversation_id = c.id
     left join users u on ${isParticipant("q")}
     where c.id = $1 order by q.joined_at, q.kind desc, q.participant_id`,
    [conversationId],
  );
  return rows;
}

/** Lets a colleague take part, named by id or by address. */
export async function insertParticipant(
  database: Database,
  reader: Reader,
  conversationId: string,
  invited: { userId: string | null; email: string | null; role: GivenRole },
): Promise<SharingOutcome> {
  return transaction(database, async (client) => {
    const own = await lockShared(client, reader, conversationId);
    if (own === null) return "absent";
    if (own === "reader") return "refused";
    const { rows } = await client.query<{ id: string; present: boolean; people: number }>(
      `select u.id, exists (
           select 1 from participants p where p.conversation_id = $2 and p.participant_id = u.id::text) as present,
         (select count(*)::int from participants p where p.conversation_id = $2 and p.kind = 'human') as people
       from members m join users u on u.id = m.user_id
       where m.tenant_id = $1 and u.disabled_at is null and m.disabled_at is null and (u.id = $3 or u.email = lower($4))`,
      [reader.tenantId, conversationId, invited.userId, invited.email],
    );
    const colleague = rows[0];
    if (!colleague) return "nobody";
    if (colleague.present) return "present";
    if (colleague.people >= participantLimit) return "full";
    await client.query(
      `insert into participants (conversation_id, participant_id, kind, role, invited_by) values ($1, $2, 'human', $3, $4)`,
      [conversationId, colleague.id, invited.role, reader.userId],
    );
    await insertConversationAudit(client, reader, conversationId, "share", {
      person: colleague.id,
      role: invited.role,
    });
    return "done";
  });
}

/** Only the owner changes roles. Whoever may no longer invite keeps no link open. */
export async function updateParticipantRole(
  database: Database,
  reader: Reader,
  conversationId: string,
  userId: string,
  role: GivenRole,
): Promise<SharingOutcome> {
  return transaction(database, async (client) => {
    const own = await lockShared(client, reader, conversationId);
    if (own === null) return "absent";
    if (own !== "owner") return "refused";
    if (userId === reader.userId) return "owner";
    const { rowCount } = await client.query(
      "update participants set role = $3 where conversation_id = $1 and participant_id = $2 and kind = 'human'",
      [conversationId, userId, role],
    );
    if (rowCount !== 1) return "nobody";
    if (role === "reader") await revokeLinksOf(client, conversationId, userId);
    await insertConversationAudit(client, reader, conversationId, "role", { person: userId, role });
    return "done";
  });
}

/** Makes another participant the owner; the one before goes on as a writer. */
export async function handOverConversation(
  database: Database,
  reader: Reader,
  conversationId: string,
  userId: string,
): Promise<SharingOutcome> {
  return transaction(database, async (client) => {
    const own = await lockShared(client, reader, conversationId);
    if (own === null) return "absent";
    if (own !== "owner") return "refused";
    if (userId === reader.userId) return "done";
    const { rowCount } = await client.query(
      `update participants p set role = 'owner' from members m join users u on u.id = m.user_id
       where p.conversation_id = $1 and p.participant_id = $2 and p.kind = 'human'
         and m.tenant_id = $3 and u.id::text = p.participant_id and u.disabled_at is null and m.disabled_at is null`,
      [conversationId, userId, reader.tenantId],
    );
    if (rowCount !== 1) return "nobody";
    await client.query("update participants set role = 'writer' where conversation_id = $1 and participant_id = $2", [
      conversationId,
      reader.userId,
    ]);
    await client.query("update conversations set owner_id = $2 where id = $1", [conversationId, userId]);
    await insertConversationAudit(client, reader, conversationId, "role", { person: userId, role: "owner" });
    return "done";
  });
}

/**
 * Takes a participant out: the owner whomever, everybody themselves; the owner cannot go. Whoever is taken out may know
 * the links that are open, so those end with it; with one who leaves, only their own do.
 */
export async function deleteParticipant(
  database: Database,
  reader: Reader,
  conversationId: string,
  userId: string,
): Promise<SharingOutcome> {
  return transaction(database, async (client) => {
    const own = await lockShared(client, reader, conversationId);
    if (own === null) return "absent";
    const leaves = userId === reader.userId;
    if (!leaves && own !== "owner") return "refused";
    if (leaves && own === "owner") return "owner";
    const { rowCount } = await client.query(
      "delete from participants where conversation_id = $1 and participant_id = $2 and kind = 'human'",
      [conversationId, userId],
    );
    if (rowCount !== 1) return "nobody";
    await revokeLinksOf(client, conversationId, leaves ? userId : null);
    await insertConversationAudit(client, reader, conversationId, "unshare", { person: userId });
    return "done";
  });
}

export interface ReadMark extends Reader {
  conversationId: string;
  sequenceId: number;
}

/**
 * Moves marks forward, in one statement: never back, never beyond the last message.
 * @returns for each, whether the conversation is its reader's to read
 */
export async function advanceReadMarks(database: Database, marks: ReadMark[]): Promise<boolean[]> {
  const { rows } = await database.pool.query<{ place: number }>(
    `with marks as (
       select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[]) with ordinality
         as m(tenant_id, user_id, conversation_id, sequence_id, place)
     ), readable as (
       select m.*, c.last_sequence_id from marks m
       join conversations c on c.id = m.conversation_id and c.tenant_id = m.tenant_id and c.deleted_at is null
       join participants p on p.conversation_id = c.id and p.participant_id = m.user_id
     ), furthest as (
       select conversation_id, user_id, least(max(sequence_id), max(last_sequence_id)) as sequence_id
       from readable group by conversation_id, user_id
     ), moved as (
       update participants p set last_read_sequence = f.sequence_id from furthest f
       where p.conversation_id = f.conversation_id and p.participant_id = f.user_id
         and p.last_read_sequence < f.sequence_id)
     select place::int from readable`,
    [
      marks.map((mark) => mark.tenantId),
      marks.map((mark) => mark.userId),
      marks.map((mark) => mark.conversationId),
      marks.map((mark) => mark.sequenceId),
    ],
  );
  const readable = new Set(rows.map(({ place }) => place));
  return marks.map((_, index) => readable.has(index + 1));
}

/**
 * Which of these may no longer read: taken out, disabled, no longer of the tenant, or the conversation is deleted.
 * One statement for all the streams of a process.
 */
export async function selectLostReaders(
  database: Database,
  readings: (Reader & { conversationId: string })[],
): Promise<{ place: number; deleted: boolean }[]> {
  const { rows } = await database.pool.query<{ place: number; deleted: boolean }>(
    `select r.place::int - 1 as place, p.participant_id is not null and c.deleted_at is not null as deleted
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as r(tenant_id, user_id, conversation_id, place)
     left join conversations c on c.id = r.conversation_id and c.tenant_id = r.tenant_id
     left join participants p on p.conversation_id = c.id and p.participant_id = r.user_id::text
     left join members m on m.tenant_id = r.tenant_id and m.user_id = r.user_id
     left join users u on u.id = m.user_id and u.disabled_at is null and m.disabled_at is null
     where c.deleted_at is not null or p.participant_id is null or u.id is null`,
    [
      readings.map((reading) => reading.tenantId),
      readings.map((reading) => reading.userId),
      readings.map((reading) => reading.conversationId),
    ],
  );
  return rows;
}

/** Locks the conversation against other changes of who takes part; the reader's role in it, null when it is not theirs. */
export async function lockShared(
  client: pg.PoolClient,
  reader: Reader,
  conversationId: string,
): Promise<"owner" | GivenRole | null> {
  // First the lock, then the look: a role read before waiting may be another one by now.
  const { rowCount } = await client.query(`select 1 from conversations c where ${mayRead} and c.id = $3 for update`, [
    reader.tenantId,
    reader.userId,
    conversationId,
  ]);
  if (rowCount !== 1) return null;
  const { rows } = await client.query<{ role: "owner" | GivenRole }>(
    "select role from participants where conversation_id = $1 and participant_id = $2",
    [conversationId, reader.userId],
  );
  return rows[0]?.role ?? null;
}

async function revokeLinksOf(client: pg.PoolClient, conversationId: string, userId: string | null): Promise<void> {
  await client.query(
    `update conversation_links set revoked_at = now()
     where conversation_id = $1 and ($2::uuid is null or created_by = $2) and revoked_at is null`,
    [conversationId, userId],
  );
}
