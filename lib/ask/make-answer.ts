import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Retrieval } from "#db/index.ts";
import type { AnswerResult, QuestionFilters } from "../domain.ts";
import { findContrasts } from "./contrasts.ts";
import { extractSentences } from "./extract.ts";
import { followUpQuestions } from "./follow-ups.ts";
import { describeGap } from "./gap.ts";
import { findLabelWarnings } from "./label-warnings.ts";
import { rankEvidence } from "./rank.ts";
import { type Receipt, receiptPassages } from "./receipt.ts";
import { rerank } from "./rerank/index.ts";
import { HybridRetriever } from "./retrieve.ts";
import type { AnswerEvent, AskDeps, AskRequest, Passage, SearchedCollection } from "./types.ts";
import { type ProposedSentence, SourceNumbers, verifySentence } from "./verify.ts";
import { writeSentences } from "./write.ts";

/** Chunks that retrieval hands to ranking. */
const retrievalLimit = 30;

/** A question that was understood, with the result and receipt that are filled on the way. */
export interface AnswerJob {
  request: AskRequest & { filters: QuestionFilters };
  collections: SearchedCollection[];
  configs: string[];
  result: AnswerResult;
  receipt: Receipt;
  /** When the question came, as `performance.now()` has it. */
  started: number;
}

/** The way from the understood question to its answer: retrieve → rank → answer → verify, and what stands beside it. */
export async function* makeAnswer(deps: AskDeps, job: AnswerJob): AsyncGenerator<AnswerEvent> {
  const { request, collections, result, receipt, started } = job;
  const { question, signal } = request;
  const { timings } = result;
  yield { type: "stage", stage: "retrieve", detail: collections.map(({ title }) => title).join(", ") };
  const warning = findLabelWarnings(deps, { question, collections });
  warning.catch(() => undefined); // thrown where it is awaited
  const retrieval = await retrieveAll(deps, job);
  yield { type: "stage", stage: "rank" };
  const chunks = await rerank(deps.reranker, question, retrieval.chunks, signal);
  const { passages, misses } = rankEvidence({ ...retrieval, chunks });
  receipt.passages = receiptPassages(passages);
  result.warnings = await warning;
  for (const one of result.warnings) yield { type: "warning", warning: one };
  yield { type: "stage", stage: "answer", detail: deps.chatModel ? deps.chatModel.name : "quoting" };
  try {
    yield* verifyAll(propose(deps, job, passages, retrieval), passages, result, started);
  } catch (error) {
    result.status = signal?.aborted ? "stopped" : "failed";
    if (result.status === "failed") {
      deps.log.warn({ err: error, model: result.model }, "the model did not finish its answer");
      result.error = `The language model did not finish: ${(error as Error).message.slice(0, 300)}`;
    }
  }
  if (signal?.aborted) result.status = "stopped";
  if (result.status === "answered" && result.sentences.length === 0) {
    const nearest = passages.length > 0 ? [...passages, ...misses] : misses;
    result.gap = describeGap({ question, collections, terms: retrieval.terms, chunks: nearest });
    result.status = "gap";
    yield { type: "gap", gap: result.gap };
  }
  if (result.status === "answered") {
    result.contrasts = findContrasts(result.sentences, passages);
    for (const contrast of result.contrasts) yield { type: "contrast", contrast };
    result.followUps = followUpQuestions(question, passages);
    if (result.followUps.length > 0) yield { type: "follow_ups", questions: result.followUps };
  }
  timings.total = performance.now() - started;
  yield { type: "receipt", receipt };
  yield { type: "done", result };
}

/** What is found for the question, or for each part of a broad one. */
async function retrieveAll(deps: AskDeps, { collections, configs, receipt, result }: AnswerJob): Promise<Retrieval> {
  const { understanding, filters } = receipt.settings;
  const retriever = new HybridRetriever({
    database: deps.database,
    collections,
    embeddingsOf: deps.embeddingsOf,
    limit: retrievalLimit,
    configs,
    filters,
  });
  return retriever.search(understanding.searchText, result.timings);
}

async function* propose(
  deps: AskDeps,
  { request, result }: AnswerJob,
  passages: Passage[],
  { terms }: Retrieval,
): AsyncIterable<ProposedSentence> {
  if (passages.length === 0) return;
  if (!deps.chatModel) {
    yield* extractSentences(request.question, terms, passages);
    return;
  }
  yield* writeSentences({
    model: deps.chatModel.model as BaseChatModel,
    question: request.question,
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
): AsyncIterable<AnswerEvent> {
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
