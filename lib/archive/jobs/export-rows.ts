import { z } from "zod";
import {
  type ArchivedRow,
  countArchived,
  type MessageRow,
  selectArchivedInOrder,
  selectArchivedMessages,
  selectArchivedOne,
} from "#db/index.ts";
import { readMessages } from "../../conversation-months/index.ts";
import { answerResult } from "../../domain.ts";
import { selectionOf } from "../find.ts";
import type { ArchiveFilter } from "../input.ts";
import { type Naming, openNaming } from "../pseudonyms.ts";
import { named } from "../read.ts";
import type { ArchiveMode, ExportForm } from "../views.ts";
import { csvLine } from "./csv.ts";
import type { JobDeps, Portion } from "./types.ts";

const conversationsAtOnce = 500;
const messagesAtOnce = 200;

/** The last conversation begun, and the last message of it that is written; null: all of it is. */
const exportCursor = z.object({ conversation: z.uuid(), after: z.number().nullable() });

const head = [
  "conversation",
  "title",
  "owner",
  "owner_email",
  "created_at",
  "last_used_at",
  "state",
  "sequence",
  "role",
  "sender",
  "sent_at",
  "status",
  "answer_status",
  "model",
  "tokens",
  "dropped_sentences",
  "content",
  "sources",
] as const;
type Field = (typeof head)[number];

/** All messages of all conversations that are found, each with its conversation: a line each, in either form. */
export async function* exportRows(
  deps: JobDeps,
  tenantId: string,
  mode: ArchiveMode,
  { filter, form }: { filter: ArchiveFilter; form: ExportForm },
  saved: unknown,
): AsyncGenerator<Portion> {
  const naming = await openNaming(deps.database, tenantId, mode);
  const selection = await selectionOf(deps, naming, filter);
  const cursor = saved === null ? null : exportCursor.parse(saved);
  if (cursor === null) {
    const total = await countArchived(deps.database, tenantId, selection);
    yield { text: form === "csv" ? csvLine(head) : "", cursor: null, total };
  } else if (cursor.after !== null) {
    const row = await selectArchivedOne(deps.database, tenantId, cursor.conversation);
    if (row) yield* conversationRows(deps, tenantId, row, naming, form, cursor.after);
  }
  for (let after = cursor?.conversation ?? null; ; ) {
    const rows = await selectArchivedInOrder(deps.database, tenantId, selection, { after, limit: conversationsAtOnce });
    for (const row of rows) yield* conversationRows(deps, tenantId, row, naming, form, 0);
    after = rows.at(-1)?.id ?? null;
    if (rows.length < conversationsAtOnce) return;
  }
}

async function* conversationRows(
  deps: JobDeps,
  tenantId: string,
  row: ArchivedRow,
  naming: Naming,
  form: ExportForm,
  behind: number,
): AsyncGenerator<Portion> {
  for (let after = behind; ; ) {
    const page = { limit: messagesAtOnce, after };
    // Nobody's own reading: the tenant alone decides.
    const messages = await readMessages(deps, { tenantId, userId: "" }, row, page, () =>
      selectArchivedMessages(deps.database, tenantId, row, page),
    );
    const isLast = messages.length < messagesAtOnce;
    after = messages.at(-1)?.sequenceId ?? after;
    yield {
      text: messages.map((message) => line(fieldsOf(row, named(message, naming), naming), form)).join(""),
      cursor: { conversation: row.id, after: isLast ? null : after },
      conversations: isLast ? 1 : 0,
      messages: messages.length,
    };
    if (isLast) return;
  }
}

function line(fields: Record<Field, string | number | null>, form: ExportForm): string {
  return form === "csv" ? csvLine(head.map((name) => fields[name])) : `${JSON.stringify(fields)}\n`;
}

function fieldsOf(row: ArchivedRow, message: MessageRow, naming: Naming): Record<Field, string | number | null> {
  const owner = naming.person({ id: row.ownerId, name: row.ownerName, email: row.ownerEmail });
  const answer = message.answer === null ? null : (answerResult.safeParse(message.answer).data ?? null);
  const sources = new Map(
    (answer?.sentences ?? [])
      .flatMap(({ citations }) => citations)
      .map(({ number, collection, sourceId, title }) => [number, `${number}. ${title} (${collection}: ${sourceId})`]),
  );
  return {
    conversation: row.id,
    title: row.title,
    owner: owner.name,
    owner_email: owner.email,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.updatedAt.toISOString(),
    state: row.deletedAt ? "deleted" : row.archived ? "archived" : "open",
    sequence: message.sequenceId,
    role: message.role,
    sender: message.role === "user" ? message.senderName : "Probatum",
    sent_at: message.createdAt.toISOString(),
    status: message.status,
    answer_status: answer?.status ?? null,
    model: answer?.model ?? null,
    tokens: answer?.tokensUsed ?? null,
    dropped_sentences: answer?.dropped.length ?? null,
    content: message.content,
    sources: [...sources.values()].join("; ") || null,
  };
}
