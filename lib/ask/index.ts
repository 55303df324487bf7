import { chooseCollections } from "../collections/index.ts";
import type { AnswerEvent } from "./events.ts";
import { giveAnswer } from "./give-answer.ts";
import { guardQuestion } from "./guard.ts";
import type { Receipt } from "./receipt.ts";
import { redirectionOf } from "./redirection/index.ts";
import { emptyAnswer } from "./result.ts";
import { cacheKey } from "./sharing/cache.ts";
import { withShown } from "./shown.ts";
import type { AskDeps, AskRequest } from "./types.ts";

export type { AnswerEvent } from "./events.ts";
export { guardQuestion, maximumQuestionLength } from "./guard.ts";
export { type Receipt, receiptPassage, receiptSettings } from "./receipt.ts";
export type { Reranker } from "./rerank/index.ts";
export { emptyAnswer } from "./result.ts";
export { HybridRetriever } from "./retrieve.ts";
export { type AnswerCounts, type AnswerMemory, openAnswerMemory } from "./sharing/cache.ts";
export { withShown } from "./shown.ts";
export type { AskDeps, AskRequest } from "./types.ts";

/**
 * One question's way: guard → understand → cache → retrieve → rank → answer → verify. Yields each stage as it begins,
 * each sentence once it is verified, one `receipt`, and last one `done`, whatever happened: a failing model or a
 * reader's stop is a result (`failed`, `stopped`) that keeps what was shown. Who asks what another is being answered
 * gets that answer from its beginning; stopping ends it only for oneself, as long as others stay.
 * @throws InvalidInputError for a question or collection that cannot be asked; storage errors as they are
 */
export async function* ask(deps: AskDeps, request: AskRequest): AsyncGenerator<AnswerEvent> {
  const started = performance.now();
  yield { type: "stage", stage: "guard" };
  const question = guardQuestion(request.question);
  const filters = request.filters ?? {};
  const choosing = chooseCollections(deps.database, request.tenantId, request.collections);
  const redirection = redirectionOf(question);
  const collections = await choosing;
  let shown = emptyAnswer(deps.chatModel, filters);
  if (redirection) {
    yield { type: "redirection", redirection };
    const timings = { total: performance.now() - started };
    yield { type: "done", result: { ...shown, status: "redirected", redirection, timings } };
    return;
  }
  const asked = { ...request, question, filters };
  if (request.fresh) {
    yield* giveAnswer(deps, { request: asked, collections, started, context: {} });
    return;
  }
  const key = cacheKey({
    ...asked,
    searchText: "",
    parts: [],
    reranker: deps.reranker?.name ?? null,
    collections,
    model: shown.model,
    promptVersion: shown.promptVersion,
  });
  const { isFirst, context, events } = deps.answers.shared.join<{ receipt?: Receipt }>(
    key,
    (signal) => {
      const context = {};
      return { context, events: giveAnswer(deps, { request: { ...asked, signal }, collections, started, context }) };
    },
    request.signal,
  );
  if (!isFirst) deps.answers.counts.shared += 1;
  for await (const event of events) {
    shown = withShown(shown, event);
    if (event.type === "receipt" && !isFirst) {
      yield {
        type: "receipt",
        receipt: { ...event.receipt, settings: { ...event.receipt.settings, origin: "shared" } },
      };
    } else if (event.type === "done") {
      const timings = isFirst ? event.result.timings : { total: performance.now() - started };
      yield { type: "done", result: { ...event.result, timings } };
      return;
    } else yield event;
  }
  // Stopped by this reader, while the answer goes on for others.
  const { receipt } = context;
  if (receipt) yield { type: "receipt", receipt: { ...receipt, passages: [...receipt.passages] } };
  yield { type: "done", result: { ...shown, status: "stopped", timings: { total: performance.now() - started } } };
}
