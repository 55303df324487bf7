import {
  type FeedbackRow,
  type MessagePage,
  type MessageRow,
  type MovedLine,
  type MovedPlace,
  messageRowsOf,
  movedFeedbackOf,
  movedTextsOf,
  type OpenedConversationRow,
  type Reader,
  selectContents,
  selectFeedback,
  selectMessages,
  selectMovedPlace,
} from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { getLines, parseLine } from "./lines.ts";

type ReadDeps = Pick<Deps, "database" | "objects">;
type ReadConversation = Pick<OpenedConversationRow, "id" | "month" | "moved" | "messageCount">;

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
  conversation: ReadConversation,
  page: MessagePage,
  select: () => Promise<MessageRow[]> = () => selectMessages(deps.database, reader, conversation, page),
): Promise<MessageRow[]> {
  const here = async () => ({ rows: await select() });
  return (await read(deps, conversation, here, async (lines) => ({ rows: await movedPage(deps, lines, page) }))).rows;
}

/** The same, and what the reader has said in the whole conversation; the object store is asked once for both. */
export async function readWithFeedback(
  deps: ReadDeps,
  reader: Reader,
  conversation: ReadConversation,
  page: MessagePage,
  select: () => Promise<MessageRow[]>,
): Promise<{ rows: MessageRow[]; feedback: FeedbackRow[] }> {
  const here = async (isAgain: boolean) => {
    const [rows, feedback] = await Promise.all([
      // What a process remembers of it is from before it was moved.
      isAgain ? selectMessages(deps.database, reader, conversation, page) : select(),
      selectFeedback(deps.database, reader, conversation.id),
    ]);
    return { rows, feedback };
  };
  return read(deps, conversation, here, async (lines) => ({
    rows: await movedPage(deps, lines, page),
    feedback: movedFeedbackOf(lines, reader.userId),
  }));
}

/**
 * What the given messages of one conversation say, by their ids; one reading of its object when it is moved.
 * @throws StorageError naming the object when it is missing or damaged
 */
export async function readContents(
  deps: ReadDeps,
  conversationId: string,
  ids: string[],
): Promise<Map<string, string>> {
  const moved = await readMoved(deps, conversationId);
  const texts = moved ? movedTextsOf(moved.lines) : await selectContents(deps.database, conversationId, ids);
  return new Map(texts.filter(({ id }) => ids.includes(id)).map(({ id, content }) => [id, content]));
}

/**
 * All that lies at a moved conversation's place; null when it is here.
 * @throws StorageError naming the object when it is missing or damaged
 */
export async function readMoved(
  deps: ReadDeps,
  conversationId: string,
): Promise<{ place: MovedPlace; lines: MovedLine[] } | null> {
  for (;;) {
    const place = await selectMovedPlace(deps.database, conversationId);
    if (!place) return null;
    try {
      return { place, lines: (await getLines(deps, place)).map(parseLine) };
    } catch (error) {
      // Another may have brought it back and removed the object.
      if ((await selectMovedPlace(deps.database, conversationId))?.key === place.key) throw error;
    }
  }
}

async function read<T extends { rows: MessageRow[] }>(
  deps: ReadDeps,
  conversation: ReadConversation,
  here: (isAgain: boolean) => Promise<T>,
  moved: (lines: MovedLine[]) => Promise<T>,
): Promise<T> {
  if (!conversation.moved) {
    const found = await here(false);
    // None though there are some: perhaps they have just been moved.
    if (found.rows.length > 0 || conversation.messageCount === 0) return found;
  }
  const stored = await readMoved(deps, conversation.id);
  return stored ? moved(stored.lines) : here(true);
}

async function movedPage(
  deps: ReadDeps,
  lines: MovedLine[],
  { limit, after, before }: MessagePage,
): Promise<MessageRow[]> {
  const rows = await messageRowsOf(deps.database, lines);
  if (after !== undefined) return rows.filter(({ sequenceId }) => sequenceId > after).slice(0, limit);
  const earlier = before === undefined ? rows : rows.filter(({ sequenceId }) => sequenceId < before);
  return limit < 1 ? [] : earlier.slice(-limit);
}
