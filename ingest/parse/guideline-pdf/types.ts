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

/** What the reading process answers for one file. */
export interface PdfReading {
  title: string;
  text: string;
  sections: DocumentSection[];
  pages: PageSize[];
  boxes: LineBox[];
  /** Pages that hold no text, usually scanned pictures. */
  pagesWithoutText: number[];
  information: Record<string, string>;
}

export type PdfAnswer =
  | { kind: "reading"; reading: PdfReading }
  | { kind: "failure"; code: FailureCode; reason: string };
