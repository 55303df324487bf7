import { chooseCollections } from "../collections/index.ts";
import type { AnswerResult } from "../domain.ts";
import { cachedAnswer, cacheKey, isCacheable } from "./cache.ts";
import { guardQuestion } from "./guard.ts";
import { makeAnswer } from "./make-answer.ts";
import { toldQuestions } from "./prompts.ts";
import { corpusVersions, type Receipt } from "./receipt.ts";
import { redirectionOf } from "./redirect.ts";
import { emptyAnswer } from "./result.ts";
import type { AnswerEvent, AskDeps, AskRequest } from "./types.ts";
import { understandQuestion } from "./understand/index.ts";

export { guardQuestion, maximumQuestionLength } from "./guard.ts";
export { type Receipt, receiptPassage, receiptSettings } from "./receipt.ts";
export { openReranker, type Reranker } from "./rerank/index.ts";
export { emptyAnswer } from "./result.ts";
export { HybridRetriever } from "./retrieve.ts";
export type { AnswerEvent, AskDeps, AskRequest } from "./types.ts";

/**
 * One question's way: guard → understand → cache → retrieve → rank → answer → verify. Yields each stage as it begins,
 * each sentence once it is verified, one `receipt`, and last one `done`, whatever happened: a failing model or a
 * reader's stop is a result (`failed`, `stopped`) that keeps what was shown.
 * @throws InvalidInputError for a question or collection that cannot be asked; storage errors as they are
 */
export async function* ask(deps: AskDeps, request: AskRequest): AsyncGenerator<AnswerEvent> {
  const started = performance.now();
  yield { type: "stage", stage: "guard" };
  const question = guardQuestion(request.question);
  const filters = request.filters ?? {};
  const collections = await chooseCollections(deps.database, request.tenantId, request.collections);
  const result = emptyAnswer(deps.chatModel, filters);
  const redirection = redirectionOf(question);
  if (redirection) {
    yield { type: "redirection", redirection };
    const timings = { total: performance.now() - started };
    yield { type: "done", result: { ...result, status: "redirected", redirection, timings } };
    return;
  }
  const { earlierQuestions, signal } = request;
  const understood = await understandQuestion(deps, { question, earlierQuestions, collections, signal });
  const { configs, ...understanding } = understood;
  result.understanding = understanding;
  if (understanding.changes.length > 0 || understanding.parts.length > 0) yield { type: "understood", understanding };
  const receipt: Receipt = {
    model: result.model,
    promptVersion: result.promptVersion,
    corpusVersions: corpusVersions(collections),
    passages: [],
    settings: { understanding, filters, reranker: deps.reranker?.name ?? null, origin: "made" },
  };
  const key = cacheKey({
    ...understanding,
    tenantId: request.tenantId,
    question,
    filters,
    reranker: receipt.settings.reranker,
    collections,
    model: result.model,
    promptVersion: result.promptVersion,
    earlierQuestions: deps.chatModel ? toldQuestions(earlierQuestions) : [],
  });
  const cached = cachedAnswer.safeParse(request.fresh ? null : await deps.cache.get(key));
  if (cached.success) {
    yield* replay(cached.data.result);
    yield { type: "receipt", receipt: { ...receipt, passages: cached.data.passages } };
    yield { type: "done", result: { ...cached.data.result, timings: { total: performance.now() - started } } };
    return;
  }
  const job = { request: { ...request, question, filters }, collections, configs, result, receipt, started };
  for await (const event of makeAnswer(deps, job)) {
    if (event.type === "done" && isCacheable(event.result)) {
      const kept = { result: event.result, passages: receipt.passages };
      await deps.cache.set(key, kept, { ttlSeconds: deps.env.CACHE_TTL_SECONDS });
    }
    yield event;
  }
}

function* replay(result: AnswerResult): Iterable<AnswerEvent> {
  yield { type: "stage", stage: "answer", detail: "from the cache" };
  for (const warning of result.warnings) yield { type: "warning", warning };
  for (const sentence of result.sentences) yield { type: "sentence", sentence };
  for (const dropped of result.dropped) yield { type: "dropped", dropped };
  for (const contrast of result.contrasts) yield { type: "contrast", contrast };
  if (result.gap) yield { type: "gap", gap: result.gap };
  if (result.followUps.length > 0) yield { type: "follow_ups", questions: result.followUps };
}
