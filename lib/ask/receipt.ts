import { z } from "zod";
import { answerOrigins, questionFilters, understanding } from "../domain.ts";
import type { Passage, SearchedCollection } from "./passage.ts";

/** A passage as it was supplied; what names it is kept, so that a receipt can be read once the document is gone. */
export const receiptPassage = z.object({
  chunkId: z.string(),
  documentId: z.string(),
  hash: z.string(),
  lexical: z.number(),
  dense: z.number(),
  score: z.number(),
  // Receipts stored before these were kept have none of them.
  collection: z.string().default(""),
  sourceId: z.string().default(""),
  title: z.string().default(""),
  section: z.string().nullable().default(null),
});

/** What else decided the answer. */
export const receiptSettings = z.object({
  understanding,
  filters: questionFilters,
  reranker: z.string().nullable(),
  origin: z.enum(answerOrigins),
});
export type ReceiptSettings = z.infer<typeof receiptSettings>;

/** What an answer was made from: enough to make it again, and to see what has changed since. */
export interface Receipt {
  model: string | null;
  promptVersion: string | null;
  /** By the collection's slug. */
  corpusVersions: Record<string, number>;
  passages: z.infer<typeof receiptPassage>[];
  settings: ReceiptSettings;
}

export function receiptPassages(passages: Passage[]): Receipt["passages"] {
  return passages.map((passage) => ({
    chunkId: passage.chunkId,
    documentId: passage.documentId,
    hash: passage.contentHash,
    lexical: passage.lexical,
    dense: passage.dense,
    score: passage.score,
    collection: passage.collection,
    sourceId: passage.sourceId,
    title: passage.title,
    section: passage.section,
  }));
}

export function corpusVersions(collections: SearchedCollection[]): Receipt["corpusVersions"] {
  return Object.fromEntries(collections.map(({ slug, corpusVersion }) => [slug, corpusVersion]));
}
