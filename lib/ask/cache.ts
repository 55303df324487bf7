import { createHash } from "node:crypto";
import { z } from "zod";
import { type AnswerResult, answerResult, type QuestionFilters } from "../domain.ts";
import { receiptPassage } from "./receipt.ts";
import type { SearchedCollection } from "./types.ts";

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

export const cachedAnswer = z.object({ result: answerResult, passages: z.array(receiptPassage) });
export type CachedAnswer = z.infer<typeof cachedAnswer>;

/** A key without the question's words: keys show up in logs and monitors, questions must not. */
export function cacheKey(parts: CacheParts): string {
  const collections = parts.collections.map(({ id, corpusVersion }) => [id, corpusVersion]).sort();
  const { tenantId, question, searchText, filters, reranker, model, promptVersion, earlierQuestions } = parts;
  const material = JSON.stringify([
    tenantId,
    question.toLowerCase(),
    searchText.toLowerCase(),
    parts.parts,
    Object.entries(filters).sort(([left], [right]) => (left < right ? -1 : 1)),
    reranker,
    collections,
    model,
    promptVersion,
    earlierQuestions,
  ]);
  return `answer:${createHash("sha256").update(material).digest("base64url")}`;
}

/** Only finished outcomes are kept: a stopped or failed answer says nothing about the next one. */
export function isCacheable(result: AnswerResult): boolean {
  return result.status === "answered" || result.status === "gap";
}
