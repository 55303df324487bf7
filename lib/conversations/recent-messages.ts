import { LRUCache } from "lru-cache";
import { type Database, type MessageRow, type OpenedConversationRow, type Reader, selectMessages } from "#db/index.ts";

/** Conversations kept, and bytes of their messages' text at most, roughly. */
const conversations = 1_000;
const bytes = 64 * 2 ** 20;

interface Kept {
  revision: number;
  rows: MessageRow[];
}

/** How often the last messages of a conversation were at hand, since the process began. */
export interface RecentMessagesCounts {
  hits: number;
  misses: number;
}

interface Memory {
  kept: LRUCache<string, Kept>;
  counts: RecentMessagesCounts;
}

const memories = new WeakMap<Database, Memory>();

/** One for the process, whatever tenant the database is confined to: the right to read was checked before. */
function memoryOf({ root: database }: Database): Memory {
  const memory = memories.get(database) ?? {
    kept: new LRUCache<string, Kept>({ max: conversations, maxSize: bytes, sizeCalculation: sizeOf }),
    counts: { hits: 0, misses: 0 },
  };
  memories.set(database, memory);
  return memory;
}

/**
 * The last `limit` messages of a conversation that has just been read, oldest first, from memory where they are at hand.
 * Every write of a message, on any process, raises the conversation's revision in its own transaction, and what is
 * remembered counts only for the revision it was read under; so it is never older than the row that was just read.
 * @param conversation read for this reader: the right to read it is checked there
 */
export async function recentMessages(
  database: Database,
  reader: Reader,
  conversation: OpenedConversationRow,
  limit: number,
): Promise<MessageRow[]> {
  const { kept, counts } = memoryOf(database);
  const key = `${conversation.id} ${limit}`;
  const known = kept.get(key);
  if (known?.revision === conversation.revision) {
    counts.hits += 1;
    return known.rows;
  }
  counts.misses += 1;
  const rows = await selectMessages(database, reader, conversation, { limit });
  // An unfinished answer grows without a new revision.
  const isSettled = rows.every(({ status }) => status !== "pending" && status !== "streaming");
  if (isSettled) kept.set(key, { revision: conversation.revision, rows });
  else kept.delete(key);
  return rows;
}

/** Of this process, for whoever watches it. */
export function recentMessagesCounts(database: Database): RecentMessagesCounts & { conversations: number } {
  const { kept, counts } = memoryOf(database);
  return { ...counts, conversations: kept.size };
}

function sizeOf({ rows }: Kept): number {
  return 1 + rows.reduce((sum, row) => sum + row.content.length + JSON.stringify(row.answer ?? "").length, 0);
}
