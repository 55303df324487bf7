import type { AnswerResult, QuestionFilters } from "../domain.ts";
import { withoutPlaceholders } from "../phi/index.ts";
import type { AnswerEvent } from "./events.ts";
import { makeAnswer } from "./make-answer.ts";
import type { SearchedCollection } from "./passage.ts";
import { toldQuestions } from "./prompts.ts";
import { embedAhead, embeddedOnce } from "./question-embeddings.ts";
import { corpusVersions, type Receipt } from "./receipt.ts";
import { emptyAnswer } from "./result.ts";
import {
  answerTo,
  type CachedAnswer,
  type CacheParts,
  cacheKey,
  isCacheable,
  keepAnswer,
  readAnswer,
  scopeKey,
} from "./sharing/cache.ts";
import { likenessOf } from "./sharing/like-questions.ts";
import type { AskDeps, AskRequest } from "./types.ts";
import { isRead, understandQuestion } from "./understand/index.ts";

/** A guarded question. */
export interface QuestionJob {
  request: AskRequest & { filters: QuestionFilters };
  collections: SearchedCollection[];
  /** When the question came, as `performance.now()` has it. */
  started: number;
  /** Given the receipt as soon as there is one; it is filled on the way. */
  context: { receipt?: Receipt };
}

/** The answer to one question, kept or made: understand → cache → make. */
export async function* giveAnswer(deps: AskDeps, job: QuestionJob): AsyncGenerator<AnswerEvent> {
  const { request, collections, started } = job;
  const { question, filters, earlierQuestions, signal } = request;
  const result = emptyAnswer(deps.chatModel, filters);
  // Placeholders are no words of medicine; a question of nothing else is searched as it stands.
  const searched = withoutPlaceholders(question) || question;
  const own = { ...deps, embeddingsOf: embeddedOnce(deps.embeddingsOf) };
  // Most questions are searched as they stand: embedding goes on beside the look-up of their words.
  if (!isRead(deps.database, searched, collections)) void embedAhead(own, searched, collections);
  const understood = await understandQuestion(deps, {
    question: searched,
    earlierQuestions: earlierQuestions.map(withoutPlaceholders),
    collections,
    signal,
  });
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
  job.context.receipt = receipt;
  const parts: CacheParts = {
    tenantId: request.tenantId,
    question,
    searchText: understanding.searchText,
    parts: understanding.parts,
    filters,
    reranker: receipt.settings.reranker,
    collections,
    model: result.model,
    promptVersion: result.promptVersion,
    earlierQuestions: deps.chatModel ? toldQuestions(earlierQuestions) : [],
  };
  const key = cacheKey(parts);
  const isSemantic = deps.env.SEMANTIC_CACHE === "on";
  const same = request.fresh ? null : await readAnswer(deps.cache, key);
  const like = isSemantic && !same ? await likeQuestionOf(own, parts) : null;
  const other = like && !request.fresh ? await answerToLike(deps, like) : null;
  if (!request.fresh) deps.answers.counts[same ? "exact" : other ? "like" : "missed"] += 1;
  const kept = same ?? other;
  if (kept) {
    const answer = answerTo(question, understanding, kept.result);
    receipt.passages = kept.passages;
    receipt.settings.origin = same ? "cache" : "like_question";
    yield* replay(answer, same ? "from the cache" : "answer to a like question");
    yield { type: "receipt", receipt };
    yield { type: "done", result: { ...answer, timings: { total: performance.now() - started } } };
    return;
  }
  for await (const event of makeAnswer(own, { request, collections, configs, result, receipt, started })) {
    if (event.type === "done" && isCacheable(event.result)) {
      const answer = { result: event.result, passages: receipt.passages };
      await keepAnswer(deps.cache, key, answer, deps.env.CACHE_TTL_SECONDS);
      if (like) deps.answers.like.add(like.scope, { ...like, key });
    }
    yield event;
  }
}

type LikeQuestion = { scope: string; vector: number[]; likeness: string };

/** What finds a question of the same meaning; null where nothing is searched. Retrieval searches with the same vector. */
async function likeQuestionOf(deps: AskDeps, parts: CacheParts): Promise<LikeQuestion | null> {
  const collection = parts.collections.find(({ chunkCount }) => chunkCount > 0);
  if (!collection) return null;
  const vector = await (await deps.embeddingsOf(collection)).embedQuery(parts.searchText);
  const likeness = [parts.question, parts.searchText, ...parts.parts].map(likenessOf).join();
  return { scope: scopeKey(parts), vector, likeness };
}

async function answerToLike({ cache, answers, env }: AskDeps, like: LikeQuestion): Promise<CachedAnswer | null> {
  for (const key of answers.like.find(like.scope, like, env.SEMANTIC_CACHE_SIMILARITY)) {
    const answer = await readAnswer(cache, key);
    if (answer) return answer;
  }
  return null;
}

function* replay(result: AnswerResult, detail: string): Iterable<AnswerEvent> {
  yield { type: "stage", stage: "answer", detail };
  for (const warning of result.warnings) yield { type: "warning", warning };
  for (const sentence of result.sentences) yield { type: "sentence", sentence };
  for (const dropped of result.dropped) yield { type: "dropped", dropped };
  for (const contrast of result.contrasts) yield { type: "contrast", contrast };
  if (result.gap) yield { type: "gap", gap: result.gap };
  if (result.followUps.length > 0) yield { type: "follow_ups", questions: result.followUps };
}
