import type { CollectionRow, RetrievedChunk } from "#db/index.ts";

/** A chunk as evidence for one question, numbered from 1 as the model and the reader see it. */
export interface Passage extends RetrievedChunk {
  number: number;
  /** Of everything it says of itself: text, section and document's title. */
  stems: Set<string>;
}

export type SearchedCollection = CollectionRow;
