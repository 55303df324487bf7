import { z } from "zod";
import { listAnswersWithChangedSources } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { DocumentStatus } from "../domain.ts";
import { InvalidInputError } from "../errors.ts";

/** A stored answer that cites a document which has lost its standing since. */
export interface MarkedAnswer {
  messageId: string;
  conversationId: string;
  conversationTitle: string;
  /** ISO. */
  answeredAt: string;
  document: { id: string; title: string; collection: string; sourceId: string };
  /** What holds of the document today, why, and since when (ISO). */
  status: DocumentStatus;
  note: string | null;
  since: string;
  /** The viewer takes part in the conversation: to others it is not found. */
  mayOpen: boolean;
}

const position = z.tuple([z.iso.datetime(), z.uuid(), z.string().regex(/^\d{1,18}$/)]);

/**
 * A page of the tenant's answers that cite what has since been retracted, withdrawn, superseded or met with concern,
 * the latest change first; an answer comes once for each such document.
 * @param page `before` is an earlier page's `next`; `limit` at most 100, 30 if not said
 * @throws ForbiddenError for anybody but owners, administrators and curators
 */
export async function listMarkedAnswers(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  page: { before?: string; limit?: number } = {},
): Promise<{ answers: MarkedAnswer[]; next: string | null }> {
  await permit(deps, viewer, "collections.curate", "answers.marked");
  const limit = Math.min(Math.max(1, Math.trunc(page.limit ?? 30) || 30), 100);
  const before = parsePosition(page.before);
  const rows = await listAnswersWithChangedSources(deps.database, viewer.tenantId, {
    limit: limit + 1,
    before,
    readerId: viewer.userId,
  });
  const answers = rows.slice(0, limit).map(
    (row): MarkedAnswer => ({
      messageId: row.messageId,
      conversationId: row.conversationId,
      conversationTitle: row.conversationTitle,
      answeredAt: row.answeredAt.toISOString(),
      document: { id: row.documentId, title: row.documentTitle, collection: row.collection, sourceId: row.sourceId },
      status: row.status as DocumentStatus,
      note: row.note,
      since: row.since.toISOString(),
      mayOpen: row.isReaders,
    }),
  );
  const last = answers.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return { answers, next: isMore ? `${last.since}~${last.messageId}~${last.document.id}` : null };
}

function parsePosition(before: string | undefined) {
  if (before === undefined) return null;
  const parsed = position.safeParse(before.split("~"));
  if (!parsed.success) throw new InvalidInputError("“before” is not a position that an earlier page gave.");
  const [since, messageId, documentId] = parsed.data;
  return { since, messageId, documentId };
}
