import type { DocumentSection, LineBox } from "#lib/domain.ts";
import { cleanText, collapseWhitespace } from "#lib/text/clean.ts";
import { bodySize, type PagedLine, type Paragraph, paragraphsOf } from "./paragraphs.ts";
import type { Line, PageLines, PdfReading } from "./types.ts";

type Composed = Pick<PdfReading, "text" | "sections" | "boxes" | "pages" | "pagesWithoutText"> & {
  largestText: string;
};

/** Pages of lines as one text: paragraphs, sections by headings, and for each line its box and its exact offsets. */
export function compose(pages: readonly PageLines[]): Composed {
  const cleaned = pages.map((page) => ({
    ...page,
    lines: page.lines
      .map((line) => withoutRule({ ...line, text: collapseWhitespace(cleanText(line.text)) }))
      .filter((line) => line.text !== ""),
  }));
  const kept = cleaned.map((page) => ({ ...page, lines: withoutContents(page.lines) }));
  const paragraphs = paragraphsOf(kept);
  const writer = new Writer(wordsOf(kept), pages);
  for (const paragraph of paragraphs) writer.add(paragraph);
  const title = largestText(paragraphs, kept);
  return {
    text: writer.text,
    boxes: writer.boxes,
    sections: sectionsOf(writer.headings, writer.text, title),
    pages: pages.map(({ page, width, height }) => ({ page, width, height })),
    pagesWithoutText: cleaned.filter((page) => page.lines.length === 0).map((page) => page.page),
    largestText: title,
  };
}

/** The lines without entries of a table of contents: leaders, then a page number. */
function withoutContents(lines: readonly Line[]): Line[] {
  const entries = new Set<string>();
  const isPart = (line: Line) => line.row !== null && entries.has(`${line.column} ${line.row}`);
  for (const line of lines) if (isContentsEntry(line)) entries.add(`${line.column} ${line.row}`);
  return lines.filter((line) => !isContentsEntry(line) && !isPart(line));
}

function isContentsEntry(line: Line): boolean {
  return /(?:\.\s?){5,}[\s|]*(?:\d{1,4}|[ivxlc]{1,7})?$|…{2,}\s*\d{1,4}$/.test(line.text);
}

/** "-----INDICATIONS AND USAGE-----", as the highlights of drug labels set their headings. */
function withoutRule(line: Line): Line {
  const heading = /^-{4,}\s*(\p{L}.{2,80}?)\s*-{4,}$/u.exec(line.text)?.[1];
  return heading ? { ...line, text: heading, bold: true } : line;
}

/** The title as set: the largest text of the first page that has any, its lines together. */
function largestText(paragraphs: readonly Paragraph[], pages: readonly PageLines[]): string {
  const firstPage = pages.find((page) => page.lines.some((line) => /\p{L}{3}/u.test(line.text)))?.page;
  const candidates = paragraphs.filter(({ lines }) => lines[0]?.page === firstPage);
  const lines = candidates.flatMap((paragraph) => paragraph.lines).filter((line) => /\p{L}{3}/u.test(line.text));
  const size = Math.max(0, ...lines.map((line) => line.size));
  const isDistinct = size > bodySize(pages.flatMap((page) => page.lines)) * 1.15;
  const chosen = isDistinct ? lines.filter((line) => line.size >= size * 0.92) : lines.slice(0, 1);
  return chosen
    .map((line) => line.text)
    .join(" ")
    .slice(0, 300);
}

interface Heading {
  label: string;
  rank: number;
  start: number;
  bodyStart: number;
  page: number;
}

class Writer {
  text = "";
  readonly boxes: LineBox[] = [];
  readonly headings: Heading[] = [];
  private readonly words: ReadonlySet<string>;
  private readonly pages: ReadonlyMap<number, PageLines>;
  private last: Paragraph | null = null;

  constructor(words: ReadonlySet<string>, pages: readonly PageLines[]) {
    this.words = words;
    this.pages = new Map(pages.map((page) => [page.page, page]));
  }

  add(paragraph: Paragraph): void {
    if (this.text !== "") {
      const isList = paragraph.kind === this.last?.kind && (paragraph.kind === "item" || paragraph.kind === "row");
      const afterLead = paragraph.kind === "item" && this.last?.kind === "text" && this.text.endsWith(":");
      this.text += isList || afterLead ? "\n" : "\n\n";
    }
    this.last = paragraph;
    const start = this.text.length;
    for (const [index, line] of paragraph.lines.entries()) this.addLine(line, paragraph.lines[index - 1] ?? null);
    const first = paragraph.lines[0];
    if (paragraph.kind === "heading" && first) {
      const label = this.text.slice(start);
      const rank = Math.round(first.size * 2) / 2 + (first.bold ? 0.25 : 0);
      this.headings.push({ label, rank, start, bodyStart: this.text.length, page: first.page });
    }
  }

  private addLine(line: PagedLine, before: PagedLine | null): void {
    // An empty cell keeps its place, so that no value moves under another heading.
    if (before && line.cell !== before.cell) this.text += `${" |".repeat(Math.max(1, line.cell - before.cell))} `;
    else if (before) {
      const joint = this.jointBefore(line.text);
      if (joint === "drop") {
        this.text = this.text.slice(0, -1);
        const box = this.boxes.at(-1);
        if (box) box.end = this.text.length;
      } else this.text += joint;
    }
    const start = this.text.length;
    this.text += line.text;
    const page = this.pages.get(line.page);
    const x = clamp(line.x, 0, page?.width ?? line.x);
    const y = clamp(line.y, 0, page?.height ?? line.y);
    this.boxes.push({
      start,
      end: this.text.length,
      page: line.page,
      x: round(x),
      y: round(y),
      width: round(clamp(line.width, 0, (page?.width ?? Number.POSITIVE_INFINITY) - x)),
      height: round(clamp(line.height, 0, (page?.height ?? Number.POSITIVE_INFINITY) - y)),
    });
  }

  /** Between two lines of a paragraph: a space; nothing after a real hyphen; "drop" where the hyphen only broke a word. */
  private jointBefore(next: string): " " | "" | "drop" {
    const tail = this.text.slice(-60);
    const left = /(\p{L}+)[-\u2010]$/u.exec(tail)?.[1];
    const right = /^\p{L}+/u.exec(next)?.[0];
    if (left === undefined) return /[\d\p{L}][-\u2010\u2011/]$/u.test(tail) && right !== undefined ? "" : " ";
    if (right === undefined) return "";
    if (!/^\p{Ll}/u.test(right)) return "";
    const whole = (left + right).toLowerCase();
    if (this.words.has(`${left}-${right}`.toLowerCase())) return "";
    if (this.words.has(whole)) return "drop";
    // Where the second part is a word of its own, a hyphen too many does less harm than one too few.
    return compounds.has(left.toLowerCase()) || this.words.has(stemOf(right)) ? "" : "drop";
  }
}

/** First parts that are written with a hyphen; a line end after one is no broken word. */
const compounds = new Set(
  "non self long short low high post pre anti co well half mid multi cross follow evidence follow-up life risk decision meta intra inter sub semi first second third one two three four five six dose drug health person patient community age sex time cost".split(
    " ",
  ),
);

/** Words, hyphenated words and stems inside lines, to tell a broken word from a compound. */
function wordsOf(pages: readonly PageLines[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const page of pages) {
    for (const line of page.lines) {
      for (const [word] of line.text
        .slice(0, -1)
        .toLowerCase()
        .matchAll(/\p{L}+(?:-\p{L}+)*/gu)) {
        words.add(word);
        for (const part of word.split("-")) words.add(stemOf(part));
      }
    }
  }
  return words;
}

/** The first six letters, marked as a stem; of a shorter word, all. */
function stemOf(word: string): string {
  return `${word.toLowerCase().slice(0, 6)}~`;
}

/** A section runs from its heading to the next; headings without text between them open one section together. */
function sectionsOf(headings: readonly Heading[], text: string, title: string): DocumentSection[] {
  const sections: DocumentSection[] = [];
  const open: Heading[] = [];
  let start: number | null = null;
  // What stands on the cover of a longer document heads nothing that follows.
  const cover = (headings.at(-1)?.page ?? 0) > 3 ? 1 : null;
  for (const [index, heading] of headings.entries()) {
    while ((open.at(-1)?.rank ?? Number.POSITIVE_INFINITY) <= heading.rank) open.pop();
    // The document's own title, and whatever else stands on its cover, is above every section and names none.
    const outer = open.filter((one) => one.page !== cover && !isTitle(one.label, title));
    const path = [...outer, heading].map(({ label }) => label);
    open.push(heading);
    start ??= heading.start;
    const next = headings[index + 1];
    const end = trimmedEnd(text, next?.start ?? text.length);
    if (next && end <= heading.bodyStart && next.start - start < 600) continue;
    sections.push({ label: heading.label, path, start, end, page: heading.page });
    start = null;
  }
  return sections;
}

function isTitle(label: string, title: string): boolean {
  return label.length > 12 && title.toLowerCase().startsWith(label.toLowerCase());
}

function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/.test(text.charAt(at - 1))) at -= 1;
  return at;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

function round(value: number): number {
  return Math.floor(value * 100) / 100;
}
