import { baselinesOf } from "./segments.ts";
import type { Fragment, PageFragments } from "./types.ts";

const margin = 0.11;
/** Points by which a running line may move from page to page. */
const shift = 4;

interface MarginRow {
  page: PageFragments;
  fragments: Fragment[];
  text: string;
  /** Its distance from the nearer end of the page, negative from the bottom. */
  height: number;
}

/**
 * The pages without running headers, footers and page numbers: rows in the margins that stand at the same height on
 * several pages and differ in numbers only. A number alone must count with its pages, or it may be a dose.
 */
export function withoutRunningRows(pages: readonly PageFragments[]): PageFragments[] {
  const rows = pages.flatMap((page) => marginRows(page));
  const running = new Set<Fragment>();
  for (const group of Map.groupBy(rows, keyOf).values()) {
    for (const row of group) {
      const others = new Set(group.filter((other) => isLevel(row, other)).map((other) => other.page.page));
      if (isRunning(row, others.size, pages.length)) for (const fragment of row.fragments) running.add(fragment);
    }
  }
  return pages.map((page) => ({ ...page, fragments: page.fragments.filter((fragment) => !running.has(fragment)) }));
}

function marginRows(page: PageFragments): MarginRow[] {
  const near = page.fragments.filter(({ x, y, width, height, text }) => {
    if (y + height < page.height * margin || y > page.height * (1 - margin)) return true;
    // Some publishers print the page number beside the text.
    return /^\s*\d{1,4}\s*$/.test(text) && (x + width < page.width * 0.08 || x > page.width * 0.92);
  });
  return baselinesOf(near).map((fragments) => {
    const baseline = fragments[0]?.baseline ?? 0;
    return {
      page,
      fragments,
      text: fragments.map((fragment) => fragment.text).join(" "),
      height: baseline < page.height / 2 ? baseline : baseline - page.height,
    };
  });
}

function isLevel(one: MarginRow, other: MarginRow): boolean {
  return Math.abs(one.height - other.height) <= shift;
}

/** Rows that differ only in their page number are the same running row; numbers alone, by what they count from. */
function keyOf({ text, page }: MarginRow): string {
  const alone = /^(?:page\s*)?[-–—|\s]*(\d{1,4}|[ivxlc]{1,7})[-–—|\s]*(?:(?:of|\/)\s*\d{1,4}\s*)?$/i.exec(text.trim());
  if (alone?.[1]) return `number ${numberOf(alone[1]) - page.page}`;
  return text
    .toLowerCase()
    .replace(/^\s*[ivxlc]+\s|\s[ivxlc]+\s*$/g, "#")
    .replace(/\d+/g, "#")
    .replace(/[\s|]+/g, "");
}

function numberOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const values = [...text.toLowerCase()].map((letter) => romanValues[letter] ?? 0);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}

const romanValues: Record<string, number> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

function isRunning(row: MarginRow, seenOn: number, pageCount: number): boolean {
  if (pageCount === 1) return /^page\s*1(?:\s*(?:of|\/)\s*1)?$/i.test(row.text.trim());
  return seenOn >= 3 || (seenOn === 2 && pageCount <= 3);
}
