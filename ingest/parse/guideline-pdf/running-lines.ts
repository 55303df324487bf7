import type { Line, PageLines } from "./types.ts";

const margin = 0.11;

/** The pages without running headers, footers, page numbers and lines of a table of contents. */
export function withoutRunningLines(pages: readonly PageLines[]): PageLines[] {
  const counts = new Map<string, number>();
  for (const page of pages) {
    for (const key of new Set(page.lines.filter((line) => isInMargin(line, page)).map(keyOf))) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return pages.map((page) => ({
    ...page,
    lines: page.lines.filter((line) => {
      if (isContentsEntry(line)) return false;
      if (!isInMargin(line, page)) return true;
      return !isPageNumber(line.text) && (counts.get(keyOf(line)) ?? 0) < 3;
    }),
  }));
}

function isInMargin(line: Line, page: PageLines): boolean {
  return line.y + line.height < page.height * margin || line.y > page.height * (1 - margin);
}

/** Lines that differ only in their page number are the same running line. */
function keyOf(line: Line): string {
  return line.text
    .toLowerCase()
    .replace(/^[ivxlc]+\s|\s[ivxlc]+$/g, "#")
    .replace(/\d+/g, "#")
    .replace(/[\s|]+/g, "");
}

function isPageNumber(text: string): boolean {
  return /^(?:page\s*)?[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,7})[-–—|\s]*(?:(?:of|\/)\s*\d{1,4})?$/i.test(text);
}

function isContentsEntry(line: Line): boolean {
  return /(?:\.\s?){5,}[\s|]*(?:\d{1,4}|[ivxlc]{1,7})?$|…{2,}\s*\d{1,4}$/.test(line.text);
}
