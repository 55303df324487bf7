import { createHash } from "node:crypto";
import { z } from "zod";
import { type AnswerResult, answerResult, type QuestionFilters, type Understanding } from "../../domain.ts";
import type { Cache } from "../../storage/cache.ts";
import type { SearchedCollection } from "../passage.ts";
import { receiptPassage } from "../receipt.ts";
import { LikeQuestions } from "./like-questions.ts";
import { SharedAnswers } from "./shared-answers.ts";

/** Everything an answer depends on. Two requests with equal parts may share an answer; no others may. */
export interface CacheParts {
  tenantId: string | null;
  question: string;
  searchText: string;
  parts: string[];
  filters: QuestionFilters;
  reranker: string | null;
  collections: SearchedCollection[];
  model: string | null;
  promptVersion: string | null;
  /** What the model is told was asked before; empty without one. */
  earlierQuestions: string[];
}

/** A key without the question's words: keys show up in logs and monitors, questions must not. */
export function cacheKey(parts: CacheParts): string {
  const { question, searchText } = parts;
  return hashed("answer", [question.toLowerCase(), searchText.toLowerCase(), parts.parts, scopeOf(parts)]);
}

/** The same for all questions that may be given an answer to one of the same meaning. */
export function scopeKey(parts: Omit<CacheParts, "question" | "searchText" | "parts">): string {
  return hashed("scope", scopeOf(parts));
}

function scopeOf({ tenantId, filters, reranker, collections, model, promptVersion, earlierQuestions }: ScopeParts) {
  return [
    tenantId,
    Object.entries(filters).sort(([left], [right]) => (left < right ? -1 : 1)),
    reranker,
    collections.map(({ id, corpusVersion }) => [id, corpusVersion]).sort(),
    model,
    promptVersion,
    earlierQuestions,
  ];
}

type ScopeParts = Omit<CacheParts, "question" | "searchText" | "parts">;

function hashed(kind: string, material: unknown): string {
  return `${kind}:${createHash("sha256").update(JSON.stringify(material)).digest("base64url")}`;
}

/** Only finished outcomes are kept: a stopped or failed answer says nothing about the next one. */
export function isCacheable(result: AnswerResult): boolean {
  return result.status === "answered" || result.status === "gap";
}

const cachedAnswer = z.object({ result: answerResult, passages: z.array(receiptPassage) });
export type CachedAnswer = z.infer<typeof cachedAnswer>;

/** A kept answer; null when there is none that can be read. */
export async function readAnswer(cache: Cache, key: string): Promise<CachedAnswer | null> {
  return cachedAnswer.safeParse(await cache.get(key)).data ?? null;
}

/** Keeps what is shown of an answer, without what only repeats the question: its next asker has their own. */
export async function keepAnswer(cache: Cache, key: string, answer: CachedAnswer, ttlSeconds: number): Promise<void> {
  if (ttlSeconds === 0) return;
  const { result, passages } = answer;
  const gap = result.gap && { ...result.gap, question: "" };
  await cache.set(key, { result: { ...result, understanding: null, gap }, passages }, { ttlSeconds });
}

/** A kept answer as the answer to a question. */
export function answerTo(question: string, understanding: Understanding, kept: AnswerResult): AnswerResult {
  return { ...kept, understanding, gap: kept.gap && { ...kept.gap, question } };
}

/** How questions were answered since the start of this process; those asked for afresh are not counted. */
export interface AnswerCounts {
  /** Kept, to the same question. */
  exact: number;
  /** Kept, to a question of the same meaning. */
  like: number;
  /** By joining one that was being answered. */
  shared: number;
  missed: number;
}

/** What a process remembers of its answers beside the cache. */
export interface AnswerMemory {
  shared: SharedAnswers;
  like: LikeQuestions;
  counts: AnswerCounts;
}

export function openAnswerMemory(): AnswerMemory {
  return {
    shared: new SharedAnswers(),
    like: new LikeQuestions(),
    counts: { exact: 0, like: 0, shared: 0, missed: 0 },
  };
}
