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

/** One line of one column, in reading order. `column` changes where the eye moves up or sideways. */
export interface Line {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  baseline: number;
  size: number;
  bold: boolean;
  column: number;
  /** A row of a table: its cells stand between ` | `. */
  row: boolean;
  /** Where the last cell begins; `x` for a line that is no row. */
  lastX: number;
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
