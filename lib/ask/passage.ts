import type { CollectionSummary, RetrievedChunk } from "#db/index.ts";

/** A chunk as evidence for one question, numbered from 1 as the model and the reader see it. */
export interface Passage extends RetrievedChunk {
  number: number;
}

export type SearchedCollection = CollectionSummary;
