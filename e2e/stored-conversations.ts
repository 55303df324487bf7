import { join } from "node:path";
import pg from "pg";
import { openEmbeddedPostgres } from "#lib/storage/embedded/index.ts";
import type { App } from "./app.ts";

/** One statement in the embedded database of a running application. */
export async function inDatabase<Row extends pg.QueryResultRow>(
  app: App,
  statement: string,
  values: unknown[],
): Promise<Row[]> {
  const { url, close } = await openEmbeddedPostgres(join(app.directory, "postgres"));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
    await close();
  }
}

/** Makes a conversation of one turn longer by `turns` turns, each following the one before. */
export async function lengthen(app: App, conversationId: string, turns: number): Promise<void> {
  await inDatabase(
    app,
    `with recursive of as (
       select c.*, (select id from messages m where m.conversation_id = c.id order by sequence_id desc limit 1) as last
       from conversations c where c.id = $1
     ), turns as (
       select 1 as at, gen_random_uuid() as question, gen_random_uuid() as answer, last as parent from of
       union all
       select at + 1, gen_random_uuid(), gen_random_uuid(), answer from turns where at < $2
     ), made as (
       insert into messages (id, month, tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type, role, content, status, answer)
       select question, of.month, tenant_id, of.id, last_sequence_id + 2 * at - 1, parent, owner_id::text, 'human', 'user',
         'Question number ' || at + 1, 'complete', null::jsonb from of, turns
       union all
       select answer, of.month, tenant_id, of.id, last_sequence_id + 2 * at, question, 'probatum', 'ai', 'assistant', '', 'complete',
         (select answer from messages where id = of.last) from of, turns
     )
     update conversations set last_sequence_id = last_sequence_id + 2 * $2, message_count = message_count + 2 * $2,
       revision = revision + 1 where id = $1`,
    [conversationId, turns],
  );
}
