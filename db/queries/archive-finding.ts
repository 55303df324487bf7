import type { Database } from "../pool.ts";
import { type ArchivedRow, archivedColumns } from "./archive.ts";

export type ArchiveState = "open" | "archived" | "deleted" | "moved" | "held" | "failed" | "abstained";

/** Which of a tenant's conversations are meant; null: whichever. */
export interface ArchiveSelection {
  /** Ids of people of whom one at least takes part. */
  people: string[] | null;
  /** First and last day of its last use, in UTC. */
  from: string | null;
  until: string | null;
  /** As typed; all of them stand in one message, wherever it lies, or in the title. */
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

/** Beyond so many expected messages, conversations are looked through in their order instead of the words' index. */
const manyMessages = 20_000;

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

/**
 * A page of the tenant's conversations, the last used first. No word of theirs beside the title.
 * @param database whatever it is confined to: these run confined to the tenant
 */
export async function selectArchived(
  database: Database,
  tenantId: string,
  selection: ArchiveSelection,
  page: { before: ArchivePosition | null; limit: number },
): Promise<ArchivedRow[]> {
  const values: unknown[] = [tenantId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const confined = database.confinedTo(tenantId);
  const conditions = await conditionsOf(confined, selection, bind);
  if (page.before) {
    const { updatedAt, id } = page.before;
    conditions.push(`(c.updated_at, c.id) < (${bind(updatedAt)}::timestamptz, ${bind(id)}::uuid)`);
  }
  const { rows } = await confined.pool.query<ArchivedRow>(
    `select ${archivedColumns} from (
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
  const confined = database.confinedTo(tenantId);
  const conditions = await conditionsOf(confined, selection, bind);
  if (page.after) conditions.push(`c.id > ${bind(page.after)}::uuid`);
  const { rows } = await confined.pool.query<ArchivedRow>(
    `select ${archivedColumns} from (
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
  const confined = database.confinedTo(tenantId);
  const conditions = await conditionsOf(confined, selection, (value) => `$${values.push(value)}`);
  const { rows } = await confined.pool.query<{ count: number }>(
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
    // Row-level security would keep the words from their index, whose operator is not leakproof: the function asks it.
    return `c.id = any(array(
      select conversations_saying(${query})
      union all
      select t.id from conversations t where t.tenant_id = $1 and to_tsvector('english', t.title) @@ ${query}))`;
  }
  return `(to_tsvector('english', c.title) @@ ${query} or exists (
      select from messages m where m.month = c.month and m.conversation_id = c.id and m.search @@ ${query} offset 0)
    or c.moved is not null and exists (
      select from moved_messages m where m.conversation_id = c.id and m.search @@ ${query} offset 0))`;
}

/** By the planner's own statistics: nothing is read. */
async function expectsMany(database: Database, words: string): Promise<boolean> {
  const { rows } = await database.pool.query<{ "QUERY PLAN": { Plan: { "Plan Rows": number } }[] }>(
    "explain (format json) select from messages m where m.search @@ websearch_to_tsquery('english', $1)",
    [words],
  );
  return (rows[0]?.["QUERY PLAN"][0]?.Plan["Plan Rows"] ?? 0) > manyMessages;
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

/** The collections that the tenant's answers may cite, by which the archive can be filtered. */
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
