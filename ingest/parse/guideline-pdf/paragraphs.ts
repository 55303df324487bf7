import { median } from "./segments.ts";
import type { Line, PageLines } from "./types.ts";

export interface PagedLine extends Line {
  page: number;
}

export interface Paragraph {
  lines: PagedLine[];
  kind: "heading" | "text" | "item" | "row";
}

const bullet = /^(?:o(?=\s\p{L})|[•◦▪■□●○‣⁃✓➢►]|[–—-](?=\s)|\(?[a-z]\)|\(?[ivx]{1,4}\)|\d{1,2}[.)](?=\s+\S))/u;
const ends = /[.!?:;]["'”’)\]]?(?:\s?\[?\d[\d,–\s-]*\]?)?$/;

/** Lines gathered to paragraphs; one broken by a column or page end is put together again. */
export function paragraphsOf(pages: readonly PageLines[]): Paragraph[] {
  const lines = pages.flatMap((page) => page.lines.map((line) => ({ ...line, page: page.page })));
  const body = bodySize(lines);
  const leading = leadingOf(lines, body);
  const paragraphs: Paragraph[] = [];
  let previous: PagedLine | null = null;
  for (const line of lines) {
    const current = paragraphs.at(-1);
    if (current && previous && continues(current, previous, line, leading)) current.lines.push(line);
    else paragraphs.push({ lines: [line], kind: line.row !== null ? "row" : isItem(line) ? "item" : "text" });
    previous = line;
  }
  for (const paragraph of paragraphs) if (isHeading(paragraph, body)) paragraph.kind = "heading";
  return joinBroken(paragraphs);
}

/** A number such as "2.1" begins an item only where it stands apart: in running text it may be a dose. */
function isItem(line: Line): boolean {
  return bullet.test(line.text) || (line.isLabelled && /^\d/.test(line.text));
}

/** The size most characters are set in. */
export function bodySize(lines: readonly Line[]): number {
  const characters = new Map<number, number>();
  for (const line of lines) {
    const size = Math.round(line.size * 2) / 2;
    characters.set(size, (characters.get(size) ?? 0) + line.text.length);
  }
  return [...characters].toSorted((one, other) => other[1] - one[1])[0]?.[0] ?? 10;
}

/** Distance of baselines in running text, as a multiple of the size. */
function leadingOf(lines: readonly PagedLine[], body: number): number {
  const distances: number[] = [];
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (!next || next.page !== line.page || next.column !== line.column || Math.abs(line.size - body) > 0.6) continue;
    const distance = (next.baseline - line.baseline) / line.size;
    if (distance > 0.8 && distance < 2.2) distances.push(distance);
  }
  return distances.length > 0 ? median(distances) : 1.25;
}

function continues(paragraph: Paragraph, previous: PagedLine, line: PagedLine, leading: number): boolean {
  if (line.page !== previous.page || line.column !== previous.column || line.row !== previous.row) return false;
  if (line.row !== null) return true;
  if (isItem(line) || line.isLabelled) return false;
  if (Math.abs(line.size - previous.size) > Math.max(0.8, previous.size * 0.08)) return false;
  const distance = (line.baseline - previous.baseline) / previous.size;
  if (distance > Math.min(leading * 1.28, leading + 0.42) || distance < 0.4) return false;
  if (line.bold !== previous.bold && (ends.test(previous.text) || previous.bold)) {
    // A bold run-in ends mid-line, so a wholly bold line before a plain one is a heading, unless it is cut mid-word.
    if (!(previous.bold && paragraph.lines.some((item) => !item.bold))) return false;
  }
  const indent = line.x - previous.x;
  const isHanging = paragraph.kind === "item" && paragraph.lines.length === 1;
  return !(indent > previous.size * 0.9 && ends.test(previous.text) && !isHanging);
}

const headingLimit = 180;

function isHeading({ lines, kind }: Paragraph, body: number): boolean {
  const text = lines.map((line) => line.text).join(" ");
  const first = lines[0];
  if (!first || kind === "row" || text.length > headingLimit || (text.match(/\p{L}/gu)?.length ?? 0) < 3) return false;
  if (/^[•◦▪■□●○‣⁃✓➢►–—-]/u.test(text) || /[,;]$/.test(text)) return false;
  const isLarge = lines.every((line) => line.size >= body * 1.12);
  if (isLarge) return !(ends.test(text) && text.length > 100);
  const isBold = lines.every((line) => line.bold && line.size >= body * 0.95);
  return isBold && lines.length <= 2 && text.length <= 110 && !/[.:]$/.test(text) && /^[\p{Lu}\d]/u.test(text);
}

/** A paragraph cut by a column's or page's end: no end mark before, a small letter after. */
function joinBroken(paragraphs: Paragraph[]): Paragraph[] {
  const joined: Paragraph[] = [];
  for (const paragraph of paragraphs) {
    const before = joined.at(-1);
    const last = before?.lines.at(-1);
    const first = paragraph.lines[0];
    const isBroken =
      before !== undefined &&
      last !== undefined &&
      first !== undefined &&
      (before.kind === "text" || before.kind === "item") &&
      paragraph.kind === "text" &&
      isNextColumn(last, first) &&
      Math.abs(last.size - first.size) < 0.6 &&
      !ends.test(last.text) &&
      /^[\p{Ll}(]/u.test(first.text);
    if (isBroken) before.lines.push(...paragraph.lines);
    else joined.push(paragraph);
  }
  return joined;
}

/** From a column's foot the eye moves to the next page or up and to the right, nowhere else. */
function isNextColumn(last: PagedLine, first: PagedLine): boolean {
  if (last.page !== first.page) return first.page === last.page + 1;
  return last.column !== first.column && first.baseline < last.baseline && first.x > last.x + last.size * 4;
}
