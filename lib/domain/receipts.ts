import { z } from "zod";
import { answerStatuses, understanding } from "./answers.ts";
import { documentStatuses, questionFilters } from "./sources.ts";

/** How an answer came about: made for this question, or one that had been made for it or for a like one, handed on. */
export const answerOrigins = ["made", "cache", "like_question", "shared"] as const;
export type AnswerOrigin = (typeof answerOrigins)[number];

/** A passage that was supplied to an answer, and what became of it. */
export const receiptPassageView = z.object({
  /** 1-based, in the order the passages were supplied. */
  number: z.number().int().positive(),
  collection: z.string(),
  collectionTitle: z.string(),
  /** Null once the document is gone. */
  documentId: z.string().nullable(),
  sourceId: z.string(),
  title: z.string(),
  section: z.string().nullable(),
  /** Of the text as it was searched, in hexadecimal. */
  hash: z.string(),
  /** BM25. */
  lexical: z.number(),
  /** Cosine similarity, −1 to 1. */
  dense: z.number(),
  /** What the passages were ordered by before ranking. */
  score: z.number(),
  /** A sentence of the answer rests on it. */
  cited: z.boolean(),
  /** `changed`: the document is kept, but no part of it reads as this one did; `gone`: it is kept no more. */
  standing: z.enum(["unchanged", "changed", "gone"]),
  /** The document's today; `withdrawn` for one that is gone. */
  status: z.enum(documentStatuses),
  statusNote: z.string().nullable(),
});
export type ReceiptPassageView = z.infer<typeof receiptPassageView>;

/** What an answer was made from, beside what stands today. */
export const receiptView = z.object({
  conversationId: z.string(),
  messageId: z.string(),
  question: z.string(),
  /** ISO. */
  askedAt: z.string(),
  /** ISO; when the answer ended. */
  answeredAt: z.string(),
  status: z.enum(answerStatuses).nullable(),
  mode: z.enum(["extractive", "written"]).nullable(),
  model: z.string().nullable(),
  promptVersion: z.string().nullable(),
  reranker: z.string().nullable(),
  /** Null for receipts written before it was kept. */
  origin: z.enum(answerOrigins).nullable(),
  understanding: understanding.nullable(),
  filters: questionFilters,
  /** Milliseconds by the name of the part. */
  timings: z.record(z.string(), z.number()),
  tokensUsed: z.number().int().nonnegative().nullable(),
  /** The searched collections; `versionNow` is null, and the title the slug, for one that is gone. */
  collections: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      /** The corpus version that was searched. */
      version: z.number().int(),
      versionNow: z.number().int().nullable(),
    }),
  ),
  passages: z.array(receiptPassageView),
});
export type ReceiptView = z.infer<typeof receiptView>;
