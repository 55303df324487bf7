import type { DocumentSection, DocumentStatus, EvidenceLevel, LineBox, PageSize, SourceType } from "#lib/domain.ts";
import type { SourceRequest, SourceSettings } from "#lib/ingest-runs/index.ts";
import type { ObjectStore } from "#lib/storage/objects/index.ts";

/**
 * One document as a parser hands it on. `text` is final: sections, boxes and later chunks and quotes are offsets
 * into it (UTF-16 code units, end exclusive), so nothing may trim or normalise it afterwards.
 */
export interface ParsedDocument {
  /** PMID, PMCID (or DOI), SPL set id, MedlinePlus topic id, BEIR `_id`; `sha256:<hex>` of the file for PDFs. */
  sourceId: string;
  title: string;
  /** Body text, sections in reading order separated by a blank line; the title alone when there is no body. */
  text: string;
  /** In order, not overlapping; text outside a section is allowed and has no label. */
  sections: DocumentSection[];
  /** BCP 47, e.g. `en`, `es`. */
  language: string;
  url: string | null;
  /** ISO 8601 date at the precision the source has: `2021`, `2021-03` or `2021-03-15`. */
  publishedOn: string | null;
  revisedOn: string | null;
  authors: string[];
  /** Journal, publisher, manufacturer or issuing body. */
  publication: string | null;
  publicationTypes: string[];
  meshTerms: string[];
  evidenceLevel: EvidenceLevel;
  status: DocumentStatus;
  /** Why the status is not `current`, in words a reader understands. */
  statusNote: string | null;
  links: DocumentLink[];
  isSample: boolean;
  /** Whatever else the format holds that is worth keeping (DOI, version, other ids, set id, generic names…). */
  metadata: Record<string, unknown>;
  pages: PageSize[];
  boxes: LineBox[];
  /** Pages whose text was recognised from a picture, with the recogniser's mean confidence, 0 to 1. */
  ocr: { page: number; confidence: number }[];
  /** Names other records may call it by, as `pmid:123`, `pmcid:PMC123`, `doi:10.1000/x` (DOIs in lower case). */
  identifiers: string[];
  /** The record as it came, kept in the object store. */
  original: { mediaType: string; bytes: Uint8Array };
}

/** How this document stands to another of its collection, e.g. PubMed's CommentsCorrections. */
export interface DocumentLink {
  kind:
    | "retraction_in"
    | "retraction_of"
    | "concern_in"
    | "concern_for"
    | "erratum_in"
    | "erratum_for"
    | "update_in"
    | "update_of"
    | "comment_in"
    | "comment_on"
    | "other";
  /** A bare PMID (digits), `doi:10.1000/x` in lower case, `pmcid:PMC123`, or whatever else the record gives. */
  sourceId: string | null;
  note: string | null;
}

/** Where a record stands in its input: file, and the record's number (1-based) and byte offset where known. */
export interface RecordPosition {
  file: string;
  record: number | null;
  offset: number | null;
}

/** What a parser yields for each record of its input, in input order. */
export type ParsedRecord =
  | { kind: "document"; document: ParsedDocument; position: RecordPosition }
  | { kind: "deletion"; sourceIds: string[]; position: RecordPosition }
  | { kind: "failure"; failure: RecordFailure };

export const failureCodes = [
  "malformed", // not the format, or cut short
  "missing_field", // a field the product needs is absent
  "encrypted", // a PDF that needs a password
  "no_text", // nothing to read (a scanned PDF, an empty record)
  "too_large", // past a stated limit
  "forbidden", // entity declarations and the like that are refused on principle
  "timeout",
  "unreadable", // the file itself: missing, no permission, bad gzip
] as const;
export type FailureCode = (typeof failureCodes)[number];

export interface RecordFailure {
  position: RecordPosition;
  /** The record's own id where it could still be read. */
  sourceId: string | null;
  code: FailureCode;
  /** One sentence naming what was wrong: the field, the byte, the limit. */
  reason: string;
}

/**
 * A format's parser. Streams: memory does not grow with the file. A bad record becomes a `failure` and the rest goes
 * on; only a bug throws.
 */
export type Parser = (input: ParserInput) => AsyncIterable<ParsedRecord>;

export interface ParserInput {
  /** Name shown in positions and failures. */
  file: string;
  /** Opens the file's bytes, gunzipped where the name ends in `.gz`. May be called again. */
  open(): AsyncIterable<Uint8Array>;
  /** Total bytes on disk, for progress. */
  size: number;
  /** True for the sample collections: every document is marked as a sample. */
  isSample: boolean;
}

/** One file of a source, wherever it comes from. */
export interface SourceInput extends ParserInput {
  /** Stable name within the source: an input that a run has finished is not opened by it again. */
  key: string;
  /** Where the source stands once this input and all before it are taken in; JSON, kept with the collection. */
  cursor?: unknown;
  /** What the source says of the standing of this input's documents, which their own text may not say yet. */
  standing?: { status: DocumentStatus; note: string };
  /** Lets go of what was fetched for it (a temporary file); called once it is taken in or given up. */
  release?(): Promise<void>;
}

/** What a source is given to read by. */
export interface SourceContext {
  /** The cursor kept by the last complete run of the same request on this collection; null at the first. */
  cursor: unknown;
  sourceType: SourceType;
  isSample: boolean;
  signal: AbortSignal;
  settings: SourceSettings;
  objects: ObjectStore;
  /** A folder for what is fetched, removed by the caller after the run. */
  directory: string;
  /** True for an input this run has finished already: a source need not fetch it. */
  isDone(key: string): boolean;
  /** One line for whoever watches: what is fetched, what is waited for. */
  report(note: string): void;
  /** An input that cannot be had, though the source goes on. */
  onFailure(failure: RecordFailure): void;
  /** A file that is none of the source's formats. */
  onSkipped(file: string): void;
  /** Where the source stands once all its inputs are taken in; called at its end, when no input may carry it. */
  onEnd?(cursor: unknown): void;
}

/** Yields inputs as they are asked for, so that no more is fetched than is read. Throws SourceError when it cannot go on. */
export type Source<Request extends SourceRequest> = (
  request: Request,
  context: SourceContext,
) => AsyncIterable<SourceInput>;
