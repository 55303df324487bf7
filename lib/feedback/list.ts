import { z } from "zod";
import { type ReviewedFeedbackRow, selectTenantFeedback } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { requirePermission } from "../auth/require-permission.ts";
import type { Deps } from "../deps.ts";
import { answerResult, type FeedbackView } from "../domain.ts";
import { InvalidInputError } from "../errors.ts";
import { feedbackViewOf } from "./give.ts";
import { type FeedbackFilter, parseFilter } from "./input.ts";

/** Feedback as those see it who look through it. */
export interface ReviewedFeedback extends FeedbackView {
  id: string;
  person: { name: string; email: string };
  conversation: { id: string; title: string };
  /** The viewer takes part in the conversation: to others it is not found. */
  mayOpen: boolean;
  question: string;
  /** The answer's plain text; empty for one that had none. */
  answer: string;
  /** What it is about; null: the whole answer. */
  sentence: {
    text: string;
    quotes: { text: string; title: string; documentId: string; start: number; end: number }[];
  } | null;
  /** ISO; null while it is open. */
  resolvedAt: string | null;
  resolvedBy: string | null;
}

const position = z.tuple([z.iso.datetime(), z.uuid()]);

/**
 * A page of what the tenant's readers said, the last first.
 * @param page `before` is an earlier page's `next`; `limit` at most 100, 30 if not said
 * @throws ForbiddenError for anybody but owners, administrators, archivists and curators; InvalidInputError
 */
export async function listFeedback(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  filter: FeedbackFilter = {},
  page: { before?: string | undefined; limit?: number } = {},
): Promise<{ feedback: ReviewedFeedback[]; next: string | null }> {
  requirePermission(viewer, "feedback.review");
  const limit = Math.min(Math.max(1, Math.trunc(page.limit ?? 30) || 30), 100);
  const rows = await selectTenantFeedback(deps.database, viewer, parseFilter(filter), {
    before: parsePosition(page.before),
    limit: limit + 1,
  });
  const feedback = rows.slice(0, limit).map(reviewedOf);
  const last = feedback.at(-1);
  return { feedback, next: rows.length > limit && last ? `${last.updatedAt}~${last.id}` : null };
}

function reviewedOf(row: ReviewedFeedbackRow): ReviewedFeedback {
  return {
    ...feedbackViewOf(row),
    id: row.id,
    person: { name: row.personName, email: row.personEmail },
    conversation: { id: row.conversationId, title: row.conversationTitle },
    mayOpen: row.isReaders,
    question: row.question,
    answer: row.content,
    sentence: sentenceOf(row),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    resolvedBy: row.resolvedBy,
  };
}

function sentenceOf({ answer, sentenceIndex }: ReviewedFeedbackRow): ReviewedFeedback["sentence"] {
  if (sentenceIndex === null) return null;
  const sentence = answerResult.parse(answer).sentences.find(({ index }) => index === sentenceIndex);
  if (!sentence) return null;
  const quotes = sentence.citations.map(({ quote, title, documentId, start, end }) => ({
    text: quote,
    title,
    documentId,
    start,
    end,
  }));
  return { text: sentence.text, quotes };
}

function parsePosition(before: string | undefined): { updatedAt: string; id: string } | null {
  if (before === undefined) return null;
  const parsed = position.safeParse(before.split("~"));
  if (!parsed.success) throw new InvalidInputError("“before” is not a position that an earlier page gave.");
  const [updatedAt, id] = parsed.data;
  return { updatedAt, id };
}
