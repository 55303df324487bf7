/**
 * The words of the product as types. Code, tables and interface use them the same way:
 * collection, document, section, chunk, passage, citation, source, conversation, message, participant, tenant.
 *
 * All offsets are UTF-16 code units into a document's `text` (what `text.slice(start, end)` takes), end exclusive.
 */
import { z } from "zod";

export const sourceTypes = ["pubmed", "pmc", "guideline", "drug_label", "consumer", "beir"] as const;
export type SourceType = (typeof sourceTypes)[number];

/** Where a document stands today; anything but `current` is shown as a mark wherever the document is. */
export const documentStatuses = ["current", "superseded", "retracted", "withdrawn", "concern"] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** Kinds of evidence, strongest first. */
export const evidenceLevels = [
  "guideline",
  "systematic_review",
  "randomised_trial",
  "observational",
  "case_report",
  "review",
  "label",
  "consumer",
  "other",
] as const;
export type EvidenceLevel = (typeof evidenceLevels)[number];

/** How much of a document a passage was read in: what its badge says. */
export const readDepths = ["abstract", "full_text", "guideline_page", "label_section", "topic", "record"] as const;
export type ReadDepth = (typeof readDepths)[number];

/** How deeply the documents of each kind of source are read. */
export const readDepthOf: Record<SourceType, ReadDepth> = {
  pubmed: "abstract",
  pmc: "full_text",
  guideline: "guideline_page",
  drug_label: "label_section",
  consumer: "topic",
  beir: "record",
};

/** Whom a document is about, as far as its record and its words tell. */
export const populations = [
  "newborn",
  "child",
  "adolescent",
  "adult",
  "older_adult",
  "pregnancy",
  "breastfeeding",
] as const;
export type Population = (typeof populations)[number];

const day = z.iso.date("expected a date as 2023-06-30");

/**
 * What the searched documents have to be; each given field narrows. A date that is known to the year or month counts
 * for `from` and `to` when any of its days would, and for `asOf` ("what was known by then") only when all would.
 */
export const questionFilters = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  asOf: day.optional(),
  evidenceLevels: z.array(z.enum(evidenceLevels)).max(evidenceLevels.length).optional(),
  /** As the source writes them, in any case: `Randomized Controlled Trial`. */
  publicationTypes: z.array(z.string().trim().min(1).max(120)).max(20).optional(),
  /** BCP 47, e.g. `en`, `es`. */
  languages: z.array(z.string().trim().min(2).max(20)).max(20).optional(),
  populations: z.array(z.enum(populations)).max(populations.length).optional(),
});
export type QuestionFilters = z.infer<typeof questionFilters>;

/** A line of a PDF page: which characters it holds and where it stands, in points from the page's top left. */
export const lineBox = z.object({
  start: z.number().int(),
  end: z.number().int(),
  page: z.number().int().positive(),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});
export type LineBox = z.infer<typeof lineBox>;

/** The size of a PDF page in points, for scaling boxes to pixels. */
export const pageSize = z.object({ page: z.number().int().positive(), width: z.number(), height: z.number() });
export type PageSize = z.infer<typeof pageSize>;

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
  error: z.string().nullable(),
  timings: z.record(z.string(), z.number()),
});
export type AnswerResult = z.infer<typeof answerResult>;

export const messageStatuses = ["pending", "streaming", "complete", "stopped", "failed"] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** A message as its readers see it. An assistant message carries its answer; `content` is its plain text. */
export const messageView = z.object({
  id: z.string(),
  conversationId: z.string(),
  sequenceId: z.number().int().positive(),
  parentId: z.string().nullable(),
  role: z.enum(["user", "assistant", "system"]),
  senderName: z.string().nullable(),
  content: z.string(),
  status: z.enum(messageStatuses),
  answer: answerResult.nullable(),
  /** Collections the question was put to; empty means all. */
  collections: z.array(z.string()),
  filters: questionFilters.default({}),
  createdAt: z.string(),
});
export type MessageView = z.infer<typeof messageView>;

export const conversationSummary = z.object({
  id: z.string(),
  title: z.string(),
  messageCount: z.number().int(),
  updatedAt: z.string(),
});
export type ConversationSummary = z.infer<typeof conversationSummary>;

/** `eventCursor` is where to start the event stream so that nothing between this reading and the stream is lost. */
export const conversationView = conversationSummary.extend({
  messages: z.array(messageView),
  /** The reader may ask in it; absent means yes. */
  mayWrite: z.boolean().optional(),
  eventCursor: z.string(),
});
export type ConversationView = z.infer<typeof conversationView>;

/**
 * What travels on a conversation's event stream, each under a monotonic id. Applying one twice changes nothing.
 * `reset` says the buffer no longer reaches back to the reader's last id: read the conversation again.
 */
export type ConversationEvent =
  | { type: "message"; message: MessageView }
  | { type: "stage"; messageId: string; stage: Stage; detail?: string }
  | { type: "sentence"; messageId: string; sentence: AnswerSentence }
  | { type: "dropped"; messageId: string; dropped: DroppedSentence }
  | { type: "gap"; messageId: string; gap: EvidenceGap }
  | { type: "redirection"; messageId: string; redirection: Redirection }
  | { type: "understood"; messageId: string; understanding: Understanding }
  | { type: "warning"; messageId: string; warning: LabelWarning }
  | { type: "contrast"; messageId: string; contrast: Contrast }
  | { type: "follow_ups"; messageId: string; questions: string[] }
  | { type: "done"; messageId: string; message: MessageView }
  | { type: "title"; title: string }
  | { type: "reset" };

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

export const collectionView = z.object({
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  sourceType: z.enum(sourceTypes),
  documents: z.number().int(),
  chunks: z.number().int(),
  samples: z.number().int(),
  /** Date of the newest document, ISO. */
  through: z.string().nullable(),
});
export type CollectionView = z.infer<typeof collectionView>;

export const documentSection = z.object({
  label: z.string(),
  /** Headings from the outermost in, this one last. */
  path: z.array(z.string()),
  start: z.number().int(),
  end: z.number().int(),
  page: z.number().int().nullable(),
  /** A boxed warning of a drug label. */
  boxed: z.boolean().optional(),
});
export type DocumentSection = z.infer<typeof documentSection>;

/** How a document stands to another: here where it is kept, else where it can be looked up. */
export interface DocumentRelation {
  /** As seen from the document that is read: what is `erratum_for` it elsewhere is its `erratum_in`. */
  kind: string;
  /** `PMID 123`, `DOI 10.1000/x`, or what else the record gives; null when it gives a note alone. */
  name: string | null;
  note: string | null;
  document: { id: string; title: string; collectionTitle: string; status: DocumentStatus } | null;
  url: string | null;
}

/** A near copy of a document, e.g. the same label of another packager. */
export interface ClusterMember {
  id: string;
  title: string;
  publication: string | null;
}

/** A document as its reader sees it on the source page. */
export type DocumentView = {
  id: string;
  collection: string;
  collectionTitle: string;
  sourceType: SourceType;
  sourceId: string;
  title: string;
  text: string;
  sections: DocumentSection[];
  language: string;
  url: string | null;
  publishedOn: string | null;
  authors: string[];
  publication: string | null;
  publicationTypes: string[];
  meshTerms: string[];
  evidenceLevel: EvidenceLevel;
  status: DocumentStatus;
  statusNote: string | null;
  /** When its status last changed, ISO; null when it has not since it was taken in. */
  statusChangedAt: string | null;
  /** What corrects or updates it. */
  corrections: DocumentRelation[];
  /** All else that it is tied to: notices, comments, what it corrects itself. */
  relations: DocumentRelation[];
  /** Near-identical documents of its collection, which answers show once; at most 50. */
  clusterMembers: ClusterMember[];
  clusterSize: number;
  /** Set when text was recognised from pictures of pages; `confidence` is the least of them, 0 to 1. */
  ocr: { pages: number[]; confidence: number } | null;
  isSample: boolean;
  /** Present for PDFs: the viewer's page sizes and line boxes. */
  pages: PageSize[];
  boxes: LineBox[];
  /** Media type of the kept original; `application/pdf` opens in the viewer. Null when no original is kept. */
  originalType: string | null;
};
