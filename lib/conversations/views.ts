import { z } from "zod";
import type { ConversationRow, MessageRow, ParticipantRow, StoredIdentifier } from "#db/index.ts";
import {
  type AnswerResult,
  answerResult,
  type ConversationSummary,
  type MessageView,
  type ParticipantView,
  questionFilters,
} from "../domain.ts";
import { replacedIdentifier, restoreIdentifiers, withoutNumbered } from "../phi/index.ts";

/** As it is stored, with placeholders: for streams, and for whoever takes no part in the conversation. */
export function messageViewOf(row: MessageRow): MessageView {
  return {
    id: row.id,
    conversationId: row.conversationId,
    sequenceId: row.sequenceId,
    parentId: row.parentId,
    role: row.role,
    senderId: row.senderId,
    senderName: row.senderName,
    content: row.content,
    status: row.status,
    answer: row.answer === null ? null : answerResult.parse(row.answer),
    collections: row.metadata.collections ?? [],
    filters: questionFilters.catch({}).parse(row.metadata.filters ?? {}),
    identifiers: [],
    createdAt: row.createdAt.toISOString(),
  };
}

/** The same with what the person wrote, for those who may read the conversation. */
export function shownViewOf(row: MessageRow): MessageView {
  return withOwnWords(messageViewOf(row), row.identifiers ?? []);
}

/** Puts the identifiers of a message back where its placeholders stand, in its answer too. */
export function withOwnWords(view: MessageView, stored: StoredIdentifier[]): MessageView {
  const identifiers = z.array(replacedIdentifier).parse(stored);
  if (identifiers.length === 0) return view;
  return { ...restoreIdentifiers(view, identifiers), identifiers: view.role === "user" ? identifiers : [] };
}

/** A title with the person's own words; of a moved conversation, whose identifiers lie elsewhere, it leaves them out. */
export function shownTitle(row: Pick<ConversationRow, "title" | "titleIdentifiers" | "moved">): string {
  const title = restoreIdentifiers(row.title, z.array(replacedIdentifier).parse(row.titleIdentifiers));
  return row.moved ? withoutNumbered(title) : title;
}

export function conversationSummaryOf(row: ConversationRow): ConversationSummary {
  const { id, messageCount, role, shared, unread, pinned, archived, labels, moved } = row;
  const title = shownTitle(row);
  const updatedAt = row.updatedAt.toISOString();
  const deletedAt = row.deletedAt?.toISOString() ?? null;
  return { id, title, messageCount, updatedAt, role, shared, unread, pinned, archived, labels, deletedAt, moved };
}

export function participantViewOf(row: ParticipantRow): ParticipantView {
  return { ...row, joinedAt: row.joinedAt.toISOString() };
}

/** An answer's plain text with the place of each sentence in it; groups are paragraphs. */
export function answerText(sentences: AnswerResult["sentences"]): {
  content: string;
  places: { start: number; end: number }[];
} {
  let content = "";
  const places = sentences.map((sentence, index) => {
    if (index > 0) content += sentence.group === sentences[index - 1]?.group ? " " : "\n\n";
    const start = content.length;
    content += sentence.text;
    return { start, end: content.length };
  });
  return { content, places };
}
