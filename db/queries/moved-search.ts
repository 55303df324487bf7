import type pg from "pg";
import { type Database, transaction } from "../pool.ts";

/** A message that search knows though it lies in the object store, as it is written there. */
export interface MovedText {
  id: string;
  sequenceId: number;
  role: string;
  senderId: string;
  content: string;
  /** An answer's question. */
  question: string | null;
  /** ISO. */
  createdAt: string;
}

const columns = "message_id, tenant_id, conversation_id, sequence_id, role, sender_id, search, embedding, created_at";

/** Keeps of a conversation's messages what search needs, before they are taken away. */
export async function keepSearch(client: pg.PoolClient, { id, month }: { id: string; month: string }): Promise<void> {
  await client.query(
    `insert into moved_messages (${columns})
     select m.id, m.tenant_id, m.conversation_id, m.sequence_id, m.role, m.sender_id, m.search, m.embedding, m.created_at
     from messages m where m.month = $1 and m.conversation_id = $2 and m.status in ('complete', 'stopped') and m.content <> ''
     order by m.sequence_id`,
    [month, id],
  );
}

const rowsAtOnce = 200;

/**
 * Moved conversations whose messages search does not know, or not by their meaning: by id, behind one and up to
 * another.
 */
export async function selectUnsearchable(
  database: Database,
  page: { after: string | null; until: string | null; limit: number },
): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from (
       (select id from conversations where moved is not null and not (moved ? 'searchable')
          and ($1::uuid is null or id > $1) and ($2::uuid is null or id <= $2) order by id limit $3)
       union
       (select distinct conversation_id from moved_messages where embedding is null
          and ($1::uuid is null or conversation_id > $1) and ($2::uuid is null or conversation_id <= $2) order by conversation_id limit $3)) c
     order by id limit $3`,
    [page.after, page.until, page.limit],
  );
  return rows.map(({ id }) => id);
}

/** What the given messages of a conversation that is here say. */
export async function selectContents(
  database: Database,
  conversationId: string,
  ids: string[],
): Promise<{ id: string; content: string }[]> {
  const { rows } = await database.pool.query<{ id: string; content: string }>(
    `select m.id, m.content from conversations c join messages m on m.month = c.month and m.conversation_id = c.id
     where c.id = $1 and m.id = any($2::uuid[])`,
    [conversationId, ids],
  );
  return rows;
}

/** Those of a moved conversation's messages that search knows by their meaning. */
export async function selectEmbeddedMoved(database: Database, conversationId: string): Promise<Set<string>> {
  const { rows } = await database.pool.query<{ id: string }>(
    "select message_id as id from moved_messages where conversation_id = $1 and embedding is not null",
    [conversationId],
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Lets search know of a moved conversation's messages. What it knows of them already stays; only a vector that was
 * missing is added.
 * @param texts all that lie at `key`
 * @param vectors by message id; who has none is found by words alone so far
 * @returns false when the conversation lies there no more
 */
export async function keepMovedSearch(
  database: Database,
  conversationId: string,
  key: string,
  texts: MovedText[],
  vectors: Map<string, ArrayLike<number>>,
): Promise<boolean> {
  return transaction(database, async (client) => {
    const held = await client.query("select 1 from conversations where id = $1 and moved ->> 'key' = $2 for update", [
      conversationId,
      key,
    ]);
    if (held.rowCount !== 1) return false;
    for (let at = 0; at < texts.length; at += rowsAtOnce) {
      const some = texts.slice(at, at + rowsAtOnce);
      const vectorOf = ({ id }: MovedText) => {
        const vector = vectors.get(id);
        return vector ? `[${Array.from(vector)}]` : null;
      };
      await client.query(
        `insert into moved_messages as known (${columns})
         select t.id, c.tenant_id, c.id, t.sequence_id, t.role, t.sender_id, to_tsvector('english', t.content),
           t.vector::halfvec, t.created_at
         from conversations c, unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
           t(id, sequence_id, role, sender_id, content, vector, created_at)
         where c.id = $1 order by t.sequence_id
         on conflict (message_id) do update set embedding = coalesce(known.embedding, excluded.embedding)`,
        [
          conversationId,
          some.map(({ id }) => id),
          some.map(({ sequenceId }) => sequenceId),
          some.map(({ role }) => role),
          some.map(({ senderId }) => senderId),
          some.map(({ content }) => content),
          some.map(vectorOf),
          some.map(({ createdAt }) => createdAt),
        ],
      );
    }
    await client.query(`update conversations set moved = moved || '{"searchable": true}' where id = $1`, [
      conversationId,
    ]);
    return true;
  });
}
