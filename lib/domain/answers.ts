import { z } from "zod";
import { documentStatuses, evidenceLevels, questionFilters, readDepths } from "./sources.ts";

/** What holds of a cited document on the day the answer is read again. */
export const citationStanding = z.object({
  status: z.enum(documentStatuses),
  note: z.string().nullable(),
  /** ISO; null when it has not changed since the document was taken in. */
  changedAt: z.string().nullable(),
  /** The quoted words stand nowhere in the document as it is now. */
  revised: z.boolean(),
  /** What corrects or updates the document, in words: `Corrected in PMID 123`. */
  corrections: z.array(z.string()),
});
export type CitationStanding = z.infer<typeof citationStanding>;

/** A sentence's tie to its evidence. `quote` is `document.text.slice(start, end)`, character for character. */
export const citation = z.object({
  /** 1-based number of the source within the answer; the marker the reader sees. */
  number: z.number().int().positive(),
  collection: z.string(),
  collectionTitle: z.string(),
  documentId: z.string(),
  chunkId: z.string().optional(),
  sourceId: z.string(),
  title: z.string(),
  section: z.string().nullable(),
  page: z.number().int().nullable(),
  quote: z.string(),
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  publishedOn: z.string().nullable(),
  evidenceLevel: z.enum(evidenceLevels),
  /** Absent from answers that were stored before it was kept. */
  depth: z.enum(readDepths).optional(),
  /** What held when the answer was made; `today` says what holds now. */
  status: z.enum(documentStatuses),
  isSample: z.boolean(),
  /** Least confidence, 0 to 1, where the quote was recognised from a picture of a page. */
  ocr: z.number().nullable().optional(),
  /** How many other documents of the collection are near copies of this one. */
  alike: z.number().int().nonnegative().optional(),
  /** Set when an answer is read, never stored; null or absent while it is being made. */
  today: citationStanding.nullable().optional(),
});
export type Citation = z.infer<typeof citation>;

export const answerSentence = z.object({
  index: z.number().int().nonnegative(),
  text: z.string(),
  /** Sentences of one group belong together; the heading (usually a source's title) is shown once above them. */
  group: z.string().nullable(),
  citations: z.array(citation),
});
export type AnswerSentence = z.infer<typeof answerSentence>;

/** What the reader gets when the evidence does not answer: never a guess. */
export const evidenceGap = z.object({
  question: z.string(),
  /** The terms of the question that no searched passage holds. */
  missingTerms: z.array(z.string()),
  searched: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      documents: z.number().int(),
      /** Date of the newest document searched, ISO; null for an undated or empty collection. */
      through: z.string().nullable(),
    }),
  ),
  nearestMisses: z.array(
    z.object({
      collection: z.string(),
      documentId: z.string(),
      title: z.string(),
      section: z.string().nullable(),
      excerpt: z.string(),
      status: z.enum(documentStatuses),
      isSample: z.boolean(),
      start: z.number().int(),
      end: z.number().int(),
    }),
  ),
});
export type EvidenceGap = z.infer<typeof evidenceGap>;

/** A sentence the verifier refused, with its reason; counted in the answer and viewable. */
export const droppedSentence = z.object({
  text: z.string(),
  reason: z.enum([
    "no_quote",
    "quote_not_found",
    "number_not_in_quote",
    "number_on_ocr",
    /** "below 30" on "above 30", "rose by 5 %" on "fell by 5 %". */
    "direction",
    /** "is recommended" on "is not recommended". */
    "negation",
    /** Vitamin B12, type 2, stage III, factor Xa, a date: not in the quote as such. */
    "name_not_in_quote",
    /** Its words have nothing to do with its quotes. */
    "not_in_quote",
    /** It repeats what a document orders whoever answers to do. */
    "instruction",
    /** It repeats the rules that the model was given. */
    "prompt",
    "retracted_unmarked",
    "link",
  ]),
});
export type DroppedSentence = z.infer<typeof droppedSentence>;

/** A question that no passage should answer: what is said instead. */
export const redirection = z.object({
  /** `emergency`: somebody needs help now; `personal`: asks for a diagnosis of oneself; `not_medical`; `unclear`. */
  kind: z.enum(["emergency", "personal", "not_medical", "unclear"]),
  title: z.string(),
  text: z.string(),
});
export type Redirection = z.infer<typeof redirection>;

/** What a label of a drug that the question names warns of, whether asked or not. */
export const labelWarning = z.object({
  kind: z.enum(["boxed_warning", "contraindication"]),
  /** The drug as the label names it. */
  drug: z.string(),
  /** The label's own words; several where the warning has several parts. */
  citations: z.array(citation),
});
export type LabelWarning = z.infer<typeof labelWarning>;

/** Sources of different kinds or dates that do not say the same, side by side. */
export const contrast = z.object({
  /** What they differ in, e.g. `dose`, `recommendation`, with the subject where it is known. */
  about: z.string(),
  sides: z.array(z.object({ label: z.string(), citation })).min(2),
});
export type Contrast = z.infer<typeof contrast>;

/** How the question was read before it was searched. */
export const understanding = z.object({
  searchText: z.string(),
  /** The parts a broad question was split into, each searched; empty when it was searched whole. */
  parts: z.array(z.string()),
  changes: z.array(
    z.object({
      kind: z.enum(["abbreviation", "drug_name", "entry_term", "spelling", "carried", "standalone"]),
      from: z.string(),
      to: z.string(),
    }),
  ),
});
export type Understanding = z.infer<typeof understanding>;

export const answerStatuses = ["answered", "gap", "redirected", "stopped", "failed"] as const;
export type AnswerStatus = (typeof answerStatuses)[number];

export const stages = ["guard", "rewrite", "retrieve", "rank", "answer", "verify"] as const;
export type Stage = (typeof stages)[number];

/** Milliseconds spent in each named part of one answer. */
export type Timings = Record<string, number>;

/** What `ask` yields, in order: stages as they begin, sentences as they are verified, then one `done`. */
export type AskEvent =
  | { type: "stage"; stage: Stage; detail?: string }
  | { type: "sentence"; sentence: AnswerSentence }
  | { type: "dropped"; dropped: DroppedSentence }
  | { type: "gap"; gap: EvidenceGap }
  | { type: "redirection"; redirection: Redirection }
  | { type: "understood"; understanding: Understanding }
  | { type: "warning"; warning: LabelWarning }
  | { type: "contrast"; contrast: Contrast }
  | { type: "follow_ups"; questions: string[] }
  | { type: "done"; result: AnswerResult };

export const answerResult = z.object({
  status: z.enum(answerStatuses),
  /** `extractive`: quoted sentences, no model; `written`: a model's sentences, each verified against its quote. */
  mode: z.enum(["extractive", "written"]),
  model: z.string().nullable(),
  promptVersion: z.string().nullable(),
  tokensUsed: z.number().int().nonnegative().nullable(),
  sentences: z.array(answerSentence),
  dropped: z.array(droppedSentence),
  gap: evidenceGap.nullable(),
  // Answers stored before these were kept have none of them.
  redirection: redirection.nullable().default(null),
  understanding: understanding.nullable().default(null),
  filters: questionFilters.default({}),
  warnings: z.array(labelWarning).default([]),
  contrasts: z.array(contrast).default([]),
  /** Questions that the same passages can answer. */
  followUps: z.array(z.string()).default([]),
  /** What its reader has to know of how it was made, such as that a budget is spent. */
  notice: z.string().nullable().default(null),
  error: z.string().nullable(),
  timings: z.record(z.string(), z.number()),
});
export type AnswerResult = z.infer<typeof answerResult>;
