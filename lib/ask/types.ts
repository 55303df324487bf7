import type { CollectionSummary, RetrievedChunk } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import type { AskEvent, QuestionFilters } from "../domain.ts";
import type { Receipt } from "./receipt.ts";

export type AskDeps = Pick<
  Deps,
  "database" | "cache" | "answers" | "chatModel" | "reranker" | "embeddingsOf" | "log" | "env"
>;

/** What an answer yields: for its readers, and once a `receipt` for the store. */
export type AnswerEvent = AskEvent | { type: "receipt"; receipt: Receipt };

/** One question as it enters the pipeline. */
export interface AskRequest {
  tenantId: string | null;
  question: string;
  /** Slugs of the collections to search; empty means all that the tenant may search. */
  collections: string[];
  /** What the searched documents have to be. */
  filters?: QuestionFilters;
  /** Earlier questions of the conversation, oldest first; they only help to understand this one. */
  earlierQuestions: string[];
  /** Answer anew although the same was answered before. */
  fresh?: boolean;
  signal?: AbortSignal;
}

/** A chunk as evidence for one question, numbered from 1 as the model and the reader see it. */
export interface Passage extends RetrievedChunk {
  number: number;
}

export type SearchedCollection = CollectionSummary;
