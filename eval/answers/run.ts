import { selectDocument } from "#db/index.ts";
import { ask } from "#lib/ask/index.ts";
import type { Deps } from "#lib/deps.ts";
import type { AnswerResult } from "#lib/domain.ts";
import type { AnswerCase } from "./cases.ts";
import { judge, type Outcome } from "./judge.ts";

/**
 * Puts every case to the application, afresh, and judges its answers.
 * @throws Error for an answer that failed: figures over the others would pass for figures over all
 */
export async function runCases(
  deps: Deps,
  cases: AnswerCase[],
  options: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<Outcome[]> {
  const texts = new Map<string, Promise<string | null>>();
  const textOf = (documentId: string) => {
    const known =
      texts.get(documentId) ?? selectDocument(deps.database, null, documentId).then((row) => row?.text ?? null);
    texts.set(documentId, known);
    return known;
  };
  const outcomes: Outcome[] = [];
  for (const each of cases) {
    options.signal?.throwIfAborted();
    const started = performance.now();
    const result = await answerOf(deps, each, options.signal);
    outcomes.push(await judge(each, result, textOf, performance.now() - started));
    options.onProgress?.(outcomes.length, cases.length);
  }
  return outcomes;
}

async function answerOf(deps: Deps, each: AnswerCase, signal?: AbortSignal): Promise<AnswerResult> {
  const { question, earlier: earlierQuestions, collections, filters } = each;
  const request = { tenantId: null, question, earlierQuestions, collections, filters, fresh: true };
  for await (const event of ask(deps, { ...request, ...(signal && { signal }) })) {
    if (event.type !== "done") continue;
    const { status, error } = event.result;
    if (status !== "failed" && status !== "stopped") return event.result;
    throw new Error(`“${each.id}” was not answered: ${error ?? status}`);
  }
  throw new Error(`“${each.id}” ended without its end.`);
}
