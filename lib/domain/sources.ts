import { z } from "zod";

/** Where the documents of a collection come from; `beir`: records of a retrieval benchmark. */
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
