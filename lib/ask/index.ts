import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { chooseCollections } from "../collections/index.ts";
import type { Deps } from "../deps.ts";
import type { AnswerResult, AskEvent } from "../domain.ts";
import { cachedAnswer, cacheKey, isCacheable } from "./cache.ts";
import { extractSentences } from "./extract.ts";
import { describeGap } from "./gap.ts";
import { guardQuestion } from "./guard.ts";
import { promptVersion, toldQuestions } from "./prompts.ts";
import { rankEvidence } from "./rank.ts";
import { corpusVersions, type Receipt, receiptPassages } from "./receipt.ts";
import { HybridRetriever } from "./retrieve.ts";
import { rewriteQuestion } from "./rewrite.ts";
import type { AskRequest, Passage } from "./types.ts";
import { type ProposedSentence, SourceNumbers, verifySentence } from "./verify.ts";
import { writeSentences } from "./write.ts";

export { guardQuestion, maximumQuestionLength } from "./guard.ts";
export type { Receipt } from "./receipt.ts";
export { HybridRetriever } from "./retrieve.ts";
export type { AskRequest } from "./types.ts";

/** Chunks that retrieval hands to ranking. */
const retrievalLimit = 30;

type AskDeps = Pick<Deps, "database" | "cache" | "chatModel" | "embeddingsOf" | "log" | "env">;
type AnswerEvent = AskEvent | { type: "receipt"; receipt: Receipt };

/**
 * One question's way: guard → rewrite → cache → retrieve → rank → answer → verify. Yields each stage as it begins,
 * each sentence once it is verified, one `receipt`, and last one `done`, whatever happened: a failing model or a
 * reader's stop is a result (`failed`, `stopped`) that keeps what was shown.
 * @throws InvalidInputError for a question or collection that cannot be asked; storage errors as they are
 */
export async function* ask(deps: AskDeps, request: AskRequest): AsyncGenerator<AnswerEvent> {
  const timings: Record<string, number> = {};
  const started = performance.now();
  yield { type: "stage", stage: "guard" };
  const question = guardQuestion(request.question);
  const collections = await chooseCollections(deps.database, request.tenantId, request.collections);
  const query = rewriteQuestion(question, request.earlierQuestions);
  const model = deps.chatModel;
  const base: AnswerResult = {
    status: "answered",
    mode: model ? "written" : "extractive",
    model: model?.name ?? null,
    promptVersion: model ? promptVersion : null,
    tokensUsed: null,
    sentences: [],
    dropped: [],
    gap: null,
    error: null,
    timings,
  };
  const receipt: Receipt = {
    model: base.model,
    promptVersion: base.promptVersion,
    corpusVersions: corpusVersions(collections),
    passages: [],
  };
  const key = cacheKey({
    ...base,
    tenantId: request.tenantId,
    question,
    searchText: query.text,
    collections,
    earlierQuestions: model ? toldQuestions(request.earlierQuestions) : [],
  });
  const cached = cachedAnswer.safeParse(request.fresh ? null : await deps.cache.get(key));
  if (cached.success) {
    const { result, passages } = cached.data;
    yield* replay({ ...result, timings: { cached: performance.now() - started } });
    yield { type: "receipt", receipt: { ...receipt, passages } };
    yield { type: "done", result: { ...result, timings: { total: performance.now() - started } } };
    return;
  }

  yield { type: "stage", stage: "retrieve", detail: collections.map(({ title }) => title).join(", ") };
  const retriever = new HybridRetriever({
    database: deps.database,
    collections,
    embeddingsOf: deps.embeddingsOf,
    limit: retrievalLimit,
    configs: query.configs,
  });
  const retrieval = await retriever.search(query.text, timings);
  yield { type: "stage", stage: "rank" };
  const { passages, misses } = rankEvidence(retrieval);
  receipt.passages = receiptPassages(passages);
  const result = base;
  const sentences = propose({ deps, question, request, passages, terms: retrieval.terms, result });
  yield { type: "stage", stage: "answer", detail: model ? model.name : "quoting" };
  try {
    yield* verifyAll(sentences, passages, result, started);
  } catch (error) {
    result.status = request.signal?.aborted ? "stopped" : "failed";
    if (result.status === "failed") {
      deps.log.warn({ err: error, model: result.model }, "the model did not finish its answer");
      result.error = `The language model did not finish: ${(error as Error).message.slice(0, 300)}`;
    }
  }
  if (request.signal?.aborted) result.status = "stopped";
  if (result.status === "answered" && result.sentences.length === 0) {
    const chunks = passages.length > 0 ? [...passages, ...misses] : misses;
    result.gap = describeGap({ question, collections, terms: retrieval.terms, chunks });
    result.status = "gap";
    yield { type: "gap", gap: result.gap };
  }
  timings.total = performance.now() - started;
  if (isCacheable(result)) {
    await deps.cache.set(key, { result, passages: receipt.passages }, { ttlSeconds: deps.env.CACHE_TTL_SECONDS });
  }
  yield { type: "receipt", receipt };
  yield { type: "done", result };
}

type Proposing = {
  deps: AskDeps;
  question: string;
  request: AskRequest;
  passages: Passage[];
  terms: Parameters<typeof extractSentences>[1];
  result: AnswerResult;
};

async function* propose({
  deps,
  question,
  request,
  passages,
  terms,
  result,
}: Proposing): AsyncIterable<ProposedSentence> {
  if (passages.length === 0) return;
  if (!deps.chatModel) {
    yield* extractSentences(question, terms, passages);
    return;
  }
  yield* writeSentences({
    model: deps.chatModel.model as BaseChatModel,
    question,
    earlierQuestions: request.earlierQuestions,
    passages,
    ...(request.signal && { signal: request.signal }),
    onTokens: (tokens) => {
      result.tokensUsed = tokens;
    },
  });
}

async function* verifyAll(
  sentences: AsyncIterable<ProposedSentence>,
  passages: Passage[],
  result: AnswerResult,
  started: number,
): AsyncIterable<AskEvent> {
  const numbers = new SourceNumbers();
  for await (const proposed of sentences) {
    const verdict = verifySentence(proposed, passages, numbers, result.mode);
    if ("dropped" in verdict) {
      result.dropped.push(verdict.dropped);
      yield { type: "dropped", dropped: verdict.dropped };
      continue;
    }
    const sentence = { index: result.sentences.length, ...verdict.sentence };
    result.sentences.push(sentence);
    result.timings.firstSentence ??= performance.now() - started;
    yield { type: "sentence", sentence };
  }
}

function* replay(result: AnswerResult): Iterable<AskEvent> {
  yield { type: "stage", stage: "answer", detail: "from the cache" };
  for (const sentence of result.sentences) yield { type: "sentence", sentence };
  for (const dropped of result.dropped) yield { type: "dropped", dropped };
  if (result.gap) yield { type: "gap", gap: result.gap };
}
