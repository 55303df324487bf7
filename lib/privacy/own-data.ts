import { z } from "zod";
import {
  type ArchivedRow,
  type Reader,
  selectArchivedInOrder,
  selectArchivedMessages,
  selectOwnFeedback,
  selectOwnProfile,
  selectOwnSessions,
} from "#db/index.ts";
import { readMessages } from "../conversation-months/index.ts";
import type { Deps } from "../deps.ts";

const conversationsAtOnce = 200;
const messagesAtOnce = 200;
const feedbackAtOnce = 500;

const cursorOf = z.discriminatedUnion("part", [
  z.object({ part: z.literal("conversations"), after: z.uuid().nullable() }),
  z.object({ part: z.literal("feedback"), after: z.uuid().nullable() }),
]);

interface OwnPortion {
  text: string;
  cursor: z.infer<typeof cursorOf>;
  conversations?: number;
  messages?: number;
}

const line = (type: string, value: object) => `${JSON.stringify({ type, ...value })}\n`;

/**
 * All that a tenant keeps of a person, as JSON lines: profile, sessions, the conversations they take part in (their own
 * whole; of others' what they wrote and the answers to it), what they said of answers. Goes on from a saved cursor.
 */
export async function* ownDataRows(
  deps: Pick<Deps, "database" | "objects">,
  reader: Reader,
  saved: unknown,
): AsyncGenerator<OwnPortion> {
  const { database } = deps;
  const cursor = saved === null ? null : cursorOf.parse(saved);
  if (cursor === null) {
    const profile = await selectOwnProfile(database, reader);
    const sessions = await selectOwnSessions(database, reader.userId);
    yield {
      text: `${profile ? line("profile", profile) : ""}${sessions.map((one) => line("session", one)).join("")}`,
      cursor: { part: "conversations", after: null },
    };
  }
  if (cursor?.part !== "feedback") yield* conversations(deps, reader, cursor?.after ?? null);
  for (let after = cursor?.part === "feedback" ? cursor.after : null; ; ) {
    const rows = await selectOwnFeedback(database, reader, after, feedbackAtOnce);
    after = rows.at(-1)?.id ?? after;
    yield { text: rows.map((row) => line("feedback", row)).join(""), cursor: { part: "feedback", after } };
    if (rows.length < feedbackAtOnce) return;
  }
}

const own = { from: null, until: null, words: null, collection: null, feedback: null, state: null };

async function* conversations(
  deps: Pick<Deps, "database" | "objects">,
  reader: Reader,
  from: string | null,
): AsyncGenerator<OwnPortion> {
  for (let after = from; ; ) {
    const page = { after, limit: conversationsAtOnce };
    const selection = { ...own, people: [reader.userId] };
    const rows = await selectArchivedInOrder(deps.database, reader.tenantId, selection, page);
    for (const row of rows) {
      const isOwn = row.ownerId === reader.userId;
      // Another's deleted conversation is nobody's to read.
      if (isOwn || row.deletedAt === null) yield* messages(deps, reader, row, isOwn, after);
      after = row.id;
    }
    yield { text: "", cursor: { part: "conversations", after } };
    if (rows.length < conversationsAtOnce) return;
  }
}

async function* messages(
  deps: Pick<Deps, "database" | "objects">,
  reader: Reader,
  row: ArchivedRow,
  isOwn: boolean,
  before: string | null,
): AsyncGenerator<OwnPortion> {
  const { id, title, createdAt, updatedAt, deletedAt } = row;
  const head = line("conversation", { id, title: isOwn ? title : null, createdAt, updatedAt, deletedAt, own: isOwn });
  const asked = new Set<string>();
  let text = head;
  for (let after = 0; ; ) {
    const page = { limit: messagesAtOnce, after };
    const read = await readMessages(deps, reader, row, page, () =>
      selectArchivedMessages(deps.database, reader.tenantId, row, page),
    );
    for (const message of read) if (message.senderId === reader.userId) asked.add(message.id);
    const shown = isOwn
      ? read
      : read.filter((message) => asked.has(message.id) || (message.parentId !== null && asked.has(message.parentId)));
    text += shown
      .map(({ id: messageId, sequenceId, role, content, status, createdAt: sentAt, senderId }) => {
        const by = role === "assistant" ? "Probatum" : senderId === reader.userId ? "me" : "another";
        return line("message", { id: messageId, conversation: id, sequenceId, role, by, sentAt, status, content });
      })
      .join("");
    const isLast = read.length < messagesAtOnce;
    after = read.at(-1)?.sequenceId ?? after;
    // Until all of it is written, a continuation begins this conversation anew: what was saved of it then comes twice.
    yield {
      text,
      cursor: { part: "conversations", after: isLast ? id : before },
      conversations: isLast ? 1 : 0,
      messages: shown.length,
    };
    text = "";
    if (isLast) return;
  }
}
