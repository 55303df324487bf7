import type { LineBox, PageSize } from "#lib/domain.ts";

/** A rectangle on a page in per cent of the page's width and height, from its top left. */
export interface PageRectangle {
  page: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The lines that hold at least one character of [start, end). */
export function boxesOfQuote(boxes: LineBox[], start: number, end: number): LineBox[] {
  return boxes.filter((box) => box.start < end && box.end > start && box.start < box.end);
}

/**
 * Whole lines as rectangles: where in a line a letter stands depends on its font, and a mark that is a little wide
 * is right where a guessed one would be wrong. A box on a page of unknown size is left out; so is one off the page.
 */
export function rectanglesOf(boxes: LineBox[], pages: PageSize[]): PageRectangle[] {
  const sizes = new Map(pages.map((size) => [size.page, size]));
  const rectangles: PageRectangle[] = [];
  for (const box of boxes) {
    const size = sizes.get(box.page);
    if (!size || size.width <= 0 || size.height <= 0) continue;
    const left = clamp((box.x / size.width) * 100);
    const top = clamp((box.y / size.height) * 100);
    const width = clamp(((box.x + box.width) / size.width) * 100) - left;
    const height = clamp(((box.y + box.height) / size.height) * 100) - top;
    if (width > 0 && height > 0) rectangles.push({ page: box.page, left, top, width, height });
  }
  return rectangles;
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
