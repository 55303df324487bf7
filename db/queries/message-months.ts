import { type Database, transaction, withClient } from "../pool.ts";

/** A month by which messages are filed, as its partition and its conversations show it. */
export interface MessageMonth {
  /** First day, ISO. */
  month: string;
  conversations: number;
  movedConversations: number;
  /** Of conversations that are here. */
  messages: number;
  movedMessages: number;
  /** Rows and indexes on disk; null when there is no partition. */
  bytes: number | null;
  /** How far the rows' order on disk is that of conversations, 0 to 1; null before the server has looked at them. */
  order: number | null;
}

/** The name of a month's partition, safe inside a statement. @throws RangeError for what is no first day of a month */
export function monthPartition(month: string): string {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])-01$/.exec(month) ?? [];
  if (!year || !number) throw new RangeError(`${month} is not the first day of a month`);
  return `messages_${year}_${number}`;
}

/** Every month that has conversations or a partition, the oldest first. */
export async function selectMessageMonths(database: Database): Promise<MessageMonth[]> {
  const { rows } = await database.pool.query<MessageMonth>(
    `with filed as (
       select month, count(*) filter (where moved is null) as conversations, count(moved) as moved_conversations,
         coalesce(sum(message_count) filter (where moved is null), 0) as messages,
         coalesce(sum(message_count) filter (where moved is not null), 0) as moved_messages
       from conversations group by month
     ), partitions as (
       select p.oid, p.relname, to_date(substr(p.relname, 10), 'YYYY_MM') as month
       from pg_inherits i join pg_class p on p.oid = i.inhrelid where i.inhparent = 'messages'::regclass and p.relname ~ '^messages_\\d{4}_\\d{2}$')
     select month::text, coalesce(conversations, 0)::float8 as conversations,
       coalesce(moved_conversations, 0)::float8 as "movedConversations", coalesce(messages, 0)::float8 as messages,
       coalesce(moved_messages, 0)::float8 as "movedMessages", pg_total_relation_size(partitions.oid)::float8 as bytes,
       (select abs(s.correlation)::float8 from pg_stats s where s.schemaname = current_schema
          and s.tablename = partitions.relname and s.attname = 'conversation_id') as "order"
     from filed full join partitions using (month) order by month`,
  );
  return rows;
}

/**
 * Lays a month's rows out in the order of conversations, all at once: nobody reads or writes the month meanwhile.
 * @param waitSeconds to wait for others to leave the month; each of them waits behind us as long
 * @returns false when they did not
 */
export async function clusterMonth(database: Database, month: string, waitSeconds: number): Promise<boolean> {
  const partition = monthPartition(month);
  const index = await conversationIndex(database, partition);
  try {
    await transaction(database, async (client) => {
      await client.query(`set local lock_timeout = '${Math.round(1000 * waitSeconds)}ms'`);
      await client.query(`cluster ${partition} using ${index}`);
    });
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
  await analyzeMonth(database, month);
  return true;
}

/** Others did not leave in time: no lock, or a deadlock that ended us. */
function isBusy(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "55P03" || code === "40P01";
}

/** Tells the planner, and `selectMessageMonths`, how the month's rows lie now. */
export async function analyzeMonth(database: Database, month: string): Promise<void> {
  await database.pool.query(`analyze ${monthPartition(month)}`);
}

async function conversationIndex(database: Database, partition: string): Promise<string> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select quote_ident(c.relname) as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       join pg_index x on x.indexrelid = c.oid
     where i.inhparent = 'messages_conversation_sequence'::regclass and x.indrelid = $1::regclass`,
    [partition],
  );
  const name = rows[0]?.name;
  if (!name) throw new Error(`${partition} has no index of conversations`);
  return name;
}

/** A conversation whose rows lie further apart than they need to. */
export interface ScatteredConversation {
  id: string;
  messages: number;
  /** Pages its rows lie on. */
  pages: number;
}

/**
 * Conversations of a month that have been silent for so long and whose rows lie on half as many pages again as they
 * would fill, and two more; in the order in which they should lie.
 * @param page `changedWithinDays` leaves out those that nobody has written in since; `after` those up to this id
 */
export async function selectScattered(
  database: Database,
  month: string,
  page: { silentSeconds: number; changedWithinDays: number | null; after: string | null; limit: number },
): Promise<{ scattered: ScatteredConversation[]; last: string | null }> {
  const { rows } = await database.pool.query<ScatteredConversation & { isScattered: boolean }>(
    `select c.id, m.messages, m.pages, m.pages > 2 + 1.5 * m.bytes / 8000.0 as "isScattered"
     from (
       select id from conversations where month = $1 and moved is null and updated_at < now() - make_interval(secs => $2)
         and ($3::uuid is null or id > $3) and ($5::float8 is null or updated_at > now() - make_interval(secs => 86400 * $5))
       order by id limit $4
     ) c cross join lateral (
       select count(*)::int as messages, count(distinct (ctid::text::point)[0])::int as pages,
         coalesce(sum(pg_column_size(m.*)), 0) as bytes
       from messages m where m.month = $1 and m.conversation_id = c.id) m
     order by c.id`,
    [month, page.silentSeconds, page.after, page.limit, page.changedWithinDays],
  );
  return {
    scattered: rows
      .filter(({ isScattered }) => isScattered)
      .map(({ id, messages, pages }) => ({ id, messages, pages })),
    last: rows.length === page.limit ? (rows.at(-1)?.id ?? null) : null,
  };
}

/** Writes the rows of some conversations anew, one conversation behind the other; what they say stays as it is. */
export async function rewriteConversations(database: Database, month: string, ids: string[]): Promise<void> {
  await transaction(database, async (client) => {
    for (const id of ids) {
      await client.query("update messages set updated_at = updated_at where month = $1 and conversation_id = $2", [
        month,
        id,
      ]);
    }
  });
}

/**
 * Gives the pages of a month's partition back once nothing lies there. The partition itself stays: dropping it would need
 * every lock that readers of messages hold, and its empty files cost nothing.
 * @returns whether it is empty
 */
export async function trimEmptyMonth(database: Database, month: string): Promise<boolean> {
  const partition = monthPartition(month);
  const there = await database.pool.query("select to_regclass($1) is not null as there", [partition]);
  if (!there.rows[0]?.there) return true;
  const { rows } = await database.pool.query<{ used: boolean }>(`select exists (select from ${partition}) as used`);
  if (rows[0]?.used !== false) return false;
  await withClient(database, (client) => client.query(`vacuum ${partition}`));
  return true;
}
