import type { DocumentSection, LineBox, PageSize } from "#lib/domain.ts";
import type { FailureCode } from "../../types.ts";

/** A run of text as the PDF shows it: points from the page's top left, `y` the top of its letters. */
export interface Fragment {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  baseline: number;
  size: number;
  bold: boolean;
}

/** One line of one column or cell, in reading order. */
export interface Line {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  baseline: number;
  size: number;
  bold: boolean;
  /** Its block of the page; changes where the eye moves up or sideways. */
  column: number;
  /** Lines of one table row share its number; null outside tables. */
  row: number | null;
  /** Which column of its row a cell's line belongs to. */
  cell: number;
  /** A list's number or a caption's label stands apart at its beginning. */
  isLabelled: boolean;
}

export interface PageFragments extends PageSize {
  fragments: Fragment[];
}

export interface PageLines extends PageSize {
  lines: Line[];
}

/** A page whose picture was recognised: words as fragments, and how sure the recogniser was of them. */
export interface RecognisedPage {
  page: number;
  fragments: Fragment[];
  /** Mean over its words, weighted by their length; 0 to 1. */
  confidence: number;
}

/** A page that had to be recognised and was not, and why. */
export interface UnreadPage {
  page: number;
  reason: string;
}

/** The reason of a page that is blank: it has nothing to be recognised. */
export const nothingThere = "nothing stands on it";

export interface Recognition {
  recognised: RecognisedPage[];
  unread: UnreadPage[];
}

/** What the reading process makes of one file. */
export interface PdfReading {
  title: string;
  text: string;
  sections: DocumentSection[];
  pages: PageSize[];
  boxes: LineBox[];
  ocr: { page: number; confidence: number }[];
  /** Pages whose content is not in the text: nothing on them, or nothing that could be recognised. */
  pagesWithoutText: number[];
  unread: UnreadPage[];
  information: Record<string, string>;
}

/** A file to read; `recognition` holds what became of the pages that a first reading named as scanned. */
export interface ReadRequest {
  path: string;
  recognition: Recognition | null;
}

export type Failure = { kind: "failure"; code: FailureCode; reason: string };
/** A page without text, or with fewer characters than its picture should hold. */
export type ScannedPage = { page: number; characters: number };

export type ReadAnswer = { kind: "reading"; reading: PdfReading } | { kind: "scanned"; pages: ScannedPage[] } | Failure;

export interface RecogniseRequest extends ScannedPage {
  path: string;
}

/** `text`: the page holds no picture that would say more than its own few characters. */
export type RecogniseAnswer =
  | { kind: "recognised"; page: RecognisedPage }
  | { kind: "text" }
  | { kind: "unread"; reason: string }
  | Failure;
