import { z } from "zod";
import type { ReceiptRow } from "#db/index.ts";
import { receiptPassage, receiptSettings } from "../ask/index.ts";
import { type AnswerResult, answerResult } from "../domain.ts";

export type StoredPassage = z.infer<typeof receiptPassage>;

const stored = z.object({
  model: z.string().nullable(),
  promptVersion: z.string().nullable(),
  corpusVersions: z.record(z.string(), z.number()),
  passages: z.array(receiptPassage),
  // Receipts stored before settings were kept have none of them.
  settings: z
    .object({
      understanding: receiptSettings.shape.understanding.nullable().default(null),
      filters: receiptSettings.shape.filters.default({}),
      reranker: receiptSettings.shape.reranker.default(null),
      origin: receiptSettings.shape.origin.nullable().default(null),
    })
    .prefault({}),
  createdAt: z.date(),
});
export type StoredReceipt = z.infer<typeof stored>;

/** @throws ZodError for a row that no version of the application wrote */
export function storedReceipt(row: ReceiptRow): StoredReceipt | null {
  return row.receipt && stored.parse(row.receipt);
}

export function storedAnswer(row: ReceiptRow): AnswerResult | null {
  return row.answer === null ? null : answerResult.parse(row.answer);
}

const uuid = z.uuid();

/** Whether it can be the id of a message or conversation; what cannot names nothing. */
export function isId(text: string): boolean {
  return uuid.safeParse(text).success;
}
