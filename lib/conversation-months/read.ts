import {
  type MessagePage,
  type MessageRow,
  messageRowsOf,
  type OpenedConversationRow,
  type Reader,
  selectMessages,
  selectMovedPlace,
} from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { getLines, parseLine } from "./lines.ts";

type ReadDeps = Pick<Deps, "database" | "objects">;

/**
 * A page of a conversation's messages, wherever they lie: in their month, or in the object store, from which they are
 * read without being brought back.
 * @param conversation as the reader was found to see it
 * @param select how the page is read where the messages are here
 * @throws StorageError naming the object when it is missing or damaged
 */
export async function readMessages(
  deps: ReadDeps,
  reader: Reader,
  conversation: Pick<OpenedConversationRow, "id" | "month" | "moved" | "messageCount">,
  page: MessagePage,
  select: () => Promise<MessageRow[]> = () => selectMessages(deps.database, reader, conversation, page),
): Promise<MessageRow[]> {
  if (!conversation.moved) {
    const rows = await select();
    // None though there are some: perhaps they have just been moved.
    if (rows.length > 0 || conversation.messageCount === 0) return rows;
  }
  for (;;) {
    const place = await selectMovedPlace(deps.database, conversation.id);
    if (!place) return selectMessages(deps.database, reader, conversation, page);
    try {
      return pageOf(await messageRowsOf(deps.database, (await getLines(deps, place)).map(parseLine)), page);
    } catch (error) {
      if ((await selectMovedPlace(deps.database, conversation.id))?.key === place.key) throw error;
    }
  }
}

function pageOf(rows: MessageRow[], { limit, after, before }: MessagePage): MessageRow[] {
  if (after !== undefined) return rows.filter(({ sequenceId }) => sequenceId > after).slice(0, limit);
  const earlier = before === undefined ? rows : rows.filter(({ sequenceId }) => sequenceId < before);
  return limit < 1 ? [] : earlier.slice(-limit);
}
