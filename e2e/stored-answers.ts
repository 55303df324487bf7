import { join } from "node:path";
import pg from "pg";
import type { AnswerResult } from "#lib/domain.ts";
import { openEmbeddedPostgres } from "#lib/storage/embedded/index.ts";
import type { App } from "./app.ts";

/**
 * Changes the stored answers of a conversation, to see how an answer looks that the sample collections do not give.
 * Only in the embedded database of a running application.
 */
export async function changeStoredAnswer(
  app: App,
  conversationId: string,
  change: (answer: AnswerResult) => AnswerResult,
): Promise<void> {
  const { url, close } = await openEmbeddedPostgres(join(app.directory, "postgres"));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; answer: AnswerResult }>(
      "select id, answer from messages where conversation_id = $1 and answer is not null",
      [conversationId],
    );
    for (const { id, answer } of rows) {
      await client.query("update messages set answer = $2 where id = $1", [id, change(answer)]);
      await client.query("update conversations set revision = revision + 1 where id = $1", [conversationId]);
    }
  } finally {
    await client.end();
    await close();
  }
}
