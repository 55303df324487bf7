import { type ReviewedFeedbackRow, selectTenantFeedback } from "#db/index.ts";
import { record } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { requirePermission } from "../auth/require-permission.ts";
import type { Deps } from "../deps.ts";
import { answerResult, questionFilters } from "../domain.ts";
import { type EvaluationCase, evaluationCaseOf } from "./evaluation-case.ts";
import { type FeedbackFilter, parseFilter } from "./input.ts";

const pageSize = 100;

/**
 * The tenant's feedback as evaluation cases, a line of JSON each, read page by page; what several people said alike of
 * one answer comes once.
 * @throws ForbiddenError for anybody but owners, administrators, archivists and curators; InvalidInputError; both at
 * once, before the first line is read
 */
export function exportFeedbackCases(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  filter: FeedbackFilter = {},
): AsyncGenerator<string> {
  requirePermission(viewer, "feedback.review");
  return lines(deps, viewer, parseFilter(filter));
}

async function* lines(
  { database }: Pick<Deps, "database">,
  viewer: Viewer,
  selection: ReturnType<typeof parseFilter>,
): AsyncGenerator<string> {
  await record(
    { database },
    {
      tenantId: viewer.tenantId,
      actorId: viewer.userId,
      action: "feedback.export",
      subjectType: "tenant",
      subjectId: viewer.tenantId,
      details: { ...selection },
    },
  );
  const told = new Set<string>();
  let before: { updatedAt: string; id: string } | null = null;
  do {
    const rows: ReviewedFeedbackRow[] = await selectTenantFeedback(database, viewer, selection, {
      before,
      limit: pageSize,
    });
    for (const row of rows) {
      const one = caseOf(row);
      if (!one) continue;
      const { id: _, ...asked } = one;
      const same = JSON.stringify(asked);
      if (told.has(same)) continue;
      told.add(same);
      yield `${JSON.stringify(one)}\n`;
    }
    const last = rows.length < pageSize ? undefined : rows.at(-1);
    before = last ? { updatedAt: last.updatedAt.toISOString(), id: last.id } : null;
  } while (before);
}

function caseOf(row: ReviewedFeedbackRow): EvaluationCase | null {
  if (row.answer === null) return null;
  const { id, kind, sentenceIndex, question, earlier, questionMetadata } = row;
  return evaluationCaseOf({
    id,
    kind,
    sentenceIndex,
    question,
    earlier,
    collections: questionMetadata.collections ?? [],
    filters: questionFilters.catch({}).parse(questionMetadata.filters ?? {}),
    answer: answerResult.parse(row.answer),
  });
}
