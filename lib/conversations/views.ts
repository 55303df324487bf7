import type { ConversationRow, MessageRow } from "#db/index.ts";
import {
  type AnswerResult,
  answerResult,
  type ConversationSummary,
  type MessageView,
  questionFilters,
} from "../domain.ts";

export function messageViewOf(row: MessageRow): MessageView {
  return {
    id: row.id,
    conversationId: row.conversationId,
    sequenceId: row.sequenceId,
    parentId: row.parentId,
    role: row.role,
    senderName: row.senderName,
    content: row.content,
    status: row.status,
    answer: row.answer === null ? null : answerResult.parse(row.answer),
    collections: row.metadata.collections ?? [],
    filters: questionFilters.catch({}).parse(row.metadata.filters ?? {}),
    createdAt: row.createdAt.toISOString(),
  };
}

export function conversationSummaryOf(row: ConversationRow): ConversationSummary {
  return { id: row.id, title: row.title, messageCount: row.messageCount, updatedAt: row.updatedAt.toISOString() };
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
