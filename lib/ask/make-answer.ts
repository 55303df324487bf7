import { setImmediate } from "node:timers/promises";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type CollectionSummary, listCollectionSummaries, type Retrieval, type RetrievedChunk } from "#db/index.ts";
import type { AnswerResult, LabelWarning, QuestionFilters, Redirection } from "../domain.ts";
import { findContrasts } from "./beside/contrasts.ts";
import { followUpQuestions } from "./beside/follow-ups.ts";
import { findLabelWarnings } from "./beside/label-warnings.ts";
import type { AnswerEvent } from "./events.ts";
import { extractSentences } from "./extract.ts";
import { describeGap } from "./gap.ts";
import type { Passage, SearchedCollection } from "./passage.ts";
import { rankEvidence, termsOf } from "./rank.ts";
import { type Receipt, receiptPassages } from "./receipt.ts";
import { redirectionAfterSearch } from "./redirection/index.ts";
import { rerank } from "./rerank/index.ts";
import { HybridRetriever } from "./retrieve.ts";
import type { AskDeps, AskRequest } from "./types.ts";
import { type ProposedSentence, SourceNumbers, verifySentence } from "./verify/index.ts";
import { writeSentences } from "./write.ts";

/** Chunks that retrieval hands to ranking. */
const retrievalLimit = 30;

/** Cosine similarity below which a passage merely shares words with a question about something else. */
const nearLeast = 0.5;

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
  // The searched text names drugs that the question only means: brands, abbreviations, "it".
  const named = `${question}\n${receipt.settings.understanding.searchText}`;
  const [whole, ...parts] = await retrieveAll(deps, job);
  // Looked up once quoted sentences are on their way: beside what leads to them it would cost more than it takes.
  const warning = setImmediate().then(() => findLabelWarnings(deps, { question: named, collections }));
  warning.catch(() => undefined); // thrown where it is awaited
  yield { type: "stage", stage: "rank" };
  const retrieval = { ...whole, chunks: withPartsOf(whole, parts), terms: termsOf([whole, ...parts]) };
  const chunks = await rerank(deps.reranker, question, retrieval.chunks, signal);
  const { passages, misses } = rankEvidence({ ...whole, chunks }, parts);
  receipt.passages = receiptPassages(passages);
  const redirection = isFarOff(passages) ? redirectionAfterSearch(question) : null;
  if (redirection) {
    await warning;
    yield* redirected(job, redirection);
    return;
  }
  // A model's first sentence takes longer than any look-up; quoted sentences do not wait for it.
  if (deps.chatModel) yield* warned(result, await warning);
  yield { type: "stage", stage: "answer", detail: deps.chatModel ? deps.chatModel.name : "quoting" };
  const numbers = new SourceNumbers();
  try {
    yield* verifyAll(propose(deps, job, passages, retrieval), { passages, numbers, result, started });
  } catch (error) {
    result.status = signal?.aborted ? "stopped" : "failed";
    if (result.status === "failed") {
      deps.log.warn({ err: error, model: result.model }, "the model did not finish its answer");
      result.error = `The language model did not finish: ${(error as Error).message.slice(0, 300)}`;
    }
  }
  if (!deps.chatModel) yield* warned(result, await warning);
  if (signal?.aborted) result.status = "stopped";
  if (result.status === "answered" && result.sentences.length === 0) {
    const nearest = passages.length > 0 ? [...passages, ...misses] : misses;
    const searched = await summariesOf(deps, request.tenantId, collections);
    result.gap = describeGap({ question, collections: searched, terms: retrieval.terms, chunks: nearest });
    result.status = "gap";
    yield { type: "gap", gap: result.gap };
  }
  if (result.status === "answered") {
    result.contrasts = findContrasts(result.sentences, passages, numbers);
    for (const contrast of result.contrasts) yield { type: "contrast", contrast };
    result.followUps = followUpQuestions(question, passages, result.sentences, retrieval);
    if (result.followUps.length > 0) yield { type: "follow_ups", questions: result.followUps };
  }
  timings.total = performance.now() - started;
  yield { type: "receipt", receipt };
  yield { type: "done", result };
}

/** What is found for the question as a whole, and for each part of a broad one. */
async function retrieveAll(
  deps: AskDeps,
  { collections, configs, receipt, result }: AnswerJob,
): Promise<[Retrieval, ...Retrieval[]]> {
  const { understanding, filters } = receipt.settings;
  const retriever = new HybridRetriever({
    database: deps.database,
    collections,
    embeddingsOf: deps.embeddingsOf,
    limit: retrievalLimit,
    configs,
    filters,
  });
  const whole = retriever.search(understanding.searchText, result.timings);
  const parts = understanding.parts.map((part) => retriever.search(part));
  const [first, ...rest] = await Promise.all([whole, ...parts]);
  return [first as Retrieval, ...rest];
}

/** The searched collections with the dates of their newest documents. */
async function summariesOf(
  { database }: AskDeps,
  tenantId: string | null,
  collections: SearchedCollection[],
): Promise<CollectionSummary[]> {
  const all = new Map((await listCollectionSummaries(database, tenantId)).map((summary) => [summary.id, summary]));
  return collections.flatMap(({ id }) => all.get(id) ?? []);
}

/** The chunks of the whole question, then those that only a part found. */
function withPartsOf(whole: Retrieval, parts: Retrieval[]): RetrievedChunk[] {
  const known = new Map(
    [...parts.flatMap(({ chunks }) => chunks), ...whole.chunks].map((chunk) => [chunk.chunkId, chunk]),
  );
  return parts.length === 0 ? whole.chunks : [...known.values()].toSorted((left, right) => right.score - left.score);
}

/** Nothing was found, or nothing near in meaning: only then may a question be called none of medicine. */
function isFarOff(passages: Passage[]): boolean {
  return passages.every(({ dense }) => dense < nearLeast);
}

function* warned(result: AnswerResult, warnings: LabelWarning[]): Iterable<AnswerEvent> {
  result.warnings = warnings;
  for (const warning of warnings) yield { type: "warning", warning };
}

function* redirected({ result, receipt, started }: AnswerJob, redirection: Redirection): Iterable<AnswerEvent> {
  receipt.passages = [];
  result.status = "redirected";
  result.redirection = redirection;
  yield { type: "redirection", redirection };
  result.timings.total = performance.now() - started;
  yield { type: "receipt", receipt };
  yield { type: "done", result };
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

interface Verification {
  passages: Passage[];
  numbers: SourceNumbers;
  result: AnswerResult;
  started: number;
}

async function* verifyAll(
  sentences: AsyncIterable<ProposedSentence>,
  { passages, numbers, result, started }: Verification,
): AsyncIterable<AnswerEvent> {
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
