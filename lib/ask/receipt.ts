import { z } from "zod";
import type { QuestionFilters, Understanding } from "../domain.ts";
import type { Passage, SearchedCollection } from "./types.ts";

export const receiptPassage = z.object({
  chunkId: z.string(),
  documentId: z.string(),
  hash: z.string(),
  lexical: z.number(),
  dense: z.number(),
  score: z.number(),
});

/** What an answer was made from: enough to make it again, and to see what has changed since. */
export interface Receipt {
  model: string | null;
  promptVersion: string | null;
  corpusVersions: Record<string, number>;
  passages: z.infer<typeof receiptPassage>[];
  settings: ReceiptSettings;
}

/** What else decided the answer. */
export interface ReceiptSettings {
  understanding: Understanding;
  filters: QuestionFilters;
  reranker: string | null;
}

export function receiptPassages(passages: Passage[]): Receipt["passages"] {
  return passages.map(({ chunkId, documentId, contentHash, lexical, dense, score }) => ({
    chunkId,
    documentId,
    hash: contentHash,
    lexical,
    dense,
    score,
  }));
}

export function corpusVersions(collections: SearchedCollection[]): Receipt["corpusVersions"] {
  return Object.fromEntries(collections.map(({ slug, corpusVersion }) => [slug, corpusVersion]));
}
