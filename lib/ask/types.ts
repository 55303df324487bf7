import type { CollectionSummary, RetrievedChunk } from "#db/index.ts";

/** One question as it enters the pipeline. */
export interface AskRequest {
  tenantId: string | null;
  question: string;
  /** Slugs of the collections to search; empty means all that the tenant may search. */
  collections: string[];
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
