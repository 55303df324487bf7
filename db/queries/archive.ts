import { type Database, transaction } from "../pool.ts";
import { insertAudit } from "./audit.ts";
import { isParticipant, isSender, messageColumns } from "./conversation-fragments.ts";
import type { MessageRow, ParticipantRow, Reader } from "./conversations.ts";
import type { MessagePage } from "./messages.ts";

export type ArchiveMode = "normal" | "pseudonymised" | "off";
export type ArchiveState = "open" | "archived" | "deleted" | "moved" | "held" | "failed" | "abstained";

/** Which of a tenant's conversations are meant; null: whichever. */
export interface ArchiveSelection {
  /** Ids of people of whom one at least takes part. */
  people: string[] | null;
  /** First and last day of its last use, in UTC. */
  from: string | null;
  until: string | null;
  /** As typed; all of them stand in one message, or in the title. */
  words: string | null;
  /** Slug of a collection that an answer cites. */
  collection: string | null;
  feedback: string | null;
  state: ArchiveState | null;
}

/** A conversation's place in the order by last use; to the microsecond, so that no two pages overlap. */
export interface ArchivePosition {
  updatedAt: string;
  id: string;
}

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

/** Beyond so many expected messages, conversations are looked through in their order instead of the words' index. */
const manyMessages = 20_000;

const columns = `c.id, c.title, c.owner_id as "ownerId", coalesce(u.name, 'Unknown') as "ownerName",
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

const states: Record<ArchiveState, string> = {
  open: "c.deleted_at is null and not c.archived",
  archived: "c.deleted_at is null and c.archived",
  deleted: "c.deleted_at is not null",
  moved: "c.moved is not null",
  held: "c.held_until > now()",
  failed: unanswered("and (m.status = 'failed' or m.answer ->> 'status' = 'failed')"),
  abstained: unanswered("and m.answer ->> 'status' = 'gap'"),
};

// The first condition is the partial index's own, word for word.
function unanswered(which: string): string {
  return `exists (select from messages m where m.tenant_id = $1 and m.conversation_id = c.id and m.role = 'assistant'
    and (m.status = 'failed' or m.answer ->> 'status' in ('gap', 'failed')) ${which})`;
}

/** How many nodes the words come to: none when all of them are too common to be looked for. */
export async function countSearchWords(database: Database, words: string): Promise<number> {
  const { rows } = await database.pool.query<{ nodes: number }>(
    "select numnode(websearch_to_tsquery('english', $1)) as nodes",
    [words],
  );
  return rows[0]?.nodes ?? 0;
}

/** A page of the tenant's conversations, the last used first. No word of theirs beside the title. */
export async function selectArchived(
  database: Database,
  tenantId: string,
  selection: ArchiveSelection,
  page: { before: ArchivePosition | null; limit: number },
): Promise<ArchivedRow[]> {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = await conditionsOf(database, selection, bind);
  if (page.before) {
    const { updatedAt, id } = page.before;
    conditions.push(`(c.updated_at, c.id) < (${bind(updatedAt)}::timestamptz, ${bind(id)}::uuid)`);
  }
  const { rows } = await database.pool.query<ArchivedRow>(
    `select ${columns} from (
       select c.* from conversations c where ${conditions.join(" and ")}
       order by c.updated_at desc, c.id desc limit ${bind(page.limit)}) c
     left join users u on u.id = c.owner_id order by c.updated_at desc, c.id desc`,
    values,
  );
  return rows;
}

/** The same in the order of their ids, which no use of them changes: for work on all that is found. */
export async function selectArchivedInOrder(
  database: Database,
  tenantId: string,
  selection: ArchiveSelection,
  page: { after: string | null; limit: number },
): Promise<ArchivedRow[]> {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = await conditionsOf(database, selection, bind);
  if (page.after) conditions.push(`c.id > ${bind(page.after)}::uuid`);
  const { rows } = await database.pool.query<ArchivedRow>(
    `select ${columns} from (
       select c.* from conversations c where ${conditions.join(" and ")} order by c.id limit ${bind(page.limit)}) c
     left join users u on u.id = c.owner_id order by c.id`,
    values,
  );
  return rows;
}

/** How many conversations are found. */
export async function countArchived(
  database: Database,
  tenantId: string,
  selection: ArchiveSelection,
): Promise<number> {
  const values: unknown[] = [tenantId];
  const conditions = await conditionsOf(database, selection, (value) => `$${values.push(value)}`);
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::float8 as count from conversations c where ${conditions.join(" and ")}`,
    values,
  );
  return rows[0]?.count ?? 0;
}

async function conditionsOf(
  database: Database,
  { people, from, until, words, collection, feedback, state }: ArchiveSelection,
  bind: (value: unknown) => string,
): Promise<string[]> {
  const conditions = ["c.tenant_id = $1"];
  if (state) conditions.push(`(${states[state]})`);
  if (from) conditions.push(`c.updated_at >= ${bind(from)}::date::timestamp at time zone 'UTC'`);
  if (until) conditions.push(`c.updated_at < (${bind(until)}::date + 1)::timestamp at time zone 'UTC'`);
  if (people) {
    conditions.push(
      // As an array: looked up once, by the index on people, instead of for each conversation on the way.
      `c.id = any(array(select p.conversation_id from participants p where p.participant_id = any(${bind(people)}::text[])))`,
    );
  }
  if (words) conditions.push(wordsCondition(bind(words), await expectsMany(database, words)));
  if (collection) {
    const slug = bind(collection);
    conditions.push(`(exists (
        select from messages m join message_citations q on q.month = m.month and q.message_id = m.id
        where m.month = c.month and m.conversation_id = c.id and q.collection_slug = ${slug})
      or c.moved is not null and exists (
        select from moved_citations v join documents d on d.id = v.document_id join collections k on k.id = d.collection_id
        where v.conversation_id = c.id and k.slug = ${slug}))`);
  }
  if (feedback) {
    conditions.push(`c.id in (
      select m.conversation_id from message_feedback f join messages m on m.month = f.month and m.id = f.message_id
      where f.tenant_id = $1 and f.kind = ${bind(feedback)})`);
  }
  return conditions;
}

function wordsCondition(words: string, many: boolean): string {
  const query = `websearch_to_tsquery('english', ${words})`;
  if (!many) {
    return `c.id in (
      select m.conversation_id from messages m where m.tenant_id = $1 and m.search @@ ${query}
      union all
      select t.id from conversations t where t.tenant_id = $1 and to_tsvector('english', t.title) @@ ${query})`;
  }
  return `(to_tsvector('english', c.title) @@ ${query} or exists (
    select from messages m where m.month = c.month and m.conversation_id = c.id and m.search @@ ${query} offset 0))`;
}

/** By the planner's own statistics: nothing is read. */
async function expectsMany(database: Database, words: string): Promise<boolean> {
  const { rows } = await database.pool.query<{ "QUERY PLAN": { Plan: { "Plan Rows": number } }[] }>(
    "explain (format json) select from messages m where m.search @@ websearch_to_tsquery('english', $1)",
    [words],
  );
  return (rows[0]?.["QUERY PLAN"][0]?.Plan["Plan Rows"] ?? 0) > manyMessages;
}

/** One of the tenant's conversations, deleted ones in their time of grace among them. */
export async function selectArchivedOne(database: Database, tenantId: string, id: string): Promise<ArchivedRow | null> {
  const { rows } = await database.pool.query<ArchivedRow>(
    `select ${columns} from conversations c left join users u on u.id = c.owner_id where c.tenant_id = $1 and c.id = $2`,
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

/** Ids of the tenant's people whose name or address holds the text, or whose id it is; also of those long gone. */
export async function selectPeopleLike(database: Database, tenantId: string, text: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select u.id from members m join users u on u.id = m.user_id
     where m.tenant_id = $1 and (u.name ilike '%' || $2 || '%' or u.email ilike '%' || $2 || '%')
     union
     select owner_id from conversations where tenant_id = $1 and owner_id::text = lower($3) limit 200`,
    [tenantId, text.replace(/[\\%_]/g, "\\$&"), text],
  );
  return rows.map(({ id }) => id);
}

/** Ids of all who are of the tenant, or own a conversation in it. */
export async function selectPeopleIds(database: Database, tenantId: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    "select user_id as id from members where tenant_id = $1 union select owner_id from conversations where tenant_id = $1",
    [tenantId],
  );
  return rows.map(({ id }) => id);
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

/** Conversations, answers and the kinds of what was said of them, for whoever may see the archive: labels of a filter. */
export async function selectArchiveCollections(
  database: Database,
  tenantId: string,
): Promise<{ slug: string; title: string }[]> {
  const { rows } = await database.pool.query<{ slug: string; title: string }>(
    "select slug, title from collections where tenant_id is null or tenant_id = $1 order by title, slug",
    [tenantId],
  );
  return rows;
}
