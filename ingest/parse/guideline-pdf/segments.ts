import type { Fragment } from "./types.ts";

/** A stretch of one baseline without a gap that could be a gutter; a word, a cell or a whole line. */
export interface Segment {
  fragments: Fragment[];
  x: number;
  right: number;
  baseline: number;
  size: number;
  /** Which baseline of the page, counted from the top; the same number in two columns says their lines are level. */
  row: number;
  characters: number;
  /** A list's number or a caption's label has joined it at its beginning. */
  isLabelled?: boolean;
}

/** Gaps wider than this, in multiples of the size, may be part of a gutter; spaces of justified lines may be too. */
const looseGap = 0.6;

/** Fragments on one baseline make a row (raised and lowered small print included); loose gaps split it. */
export function segmentsOf(fragments: readonly Fragment[]): Segment[] {
  return baselinesOf(fragments).flatMap((row, index) => splitRow(row, index));
}

/** Fragments by baseline, from the top of the page down. */
export function baselinesOf(fragments: readonly Fragment[]): Fragment[][] {
  const rows: { baseline: number; size: number; fragments: Fragment[] }[] = [];
  for (const fragment of fragments.toSorted((one, other) => other.size - one.size || one.baseline - other.baseline)) {
    const row = rows.find(({ baseline, size, fragments: own }) => {
      const distance = Math.abs(baseline - fragment.baseline);
      if (distance <= Math.min(size, fragment.size * 1.5) * 0.2) return true;
      const isSmall = fragment.size < size * 0.85 && fragment.size > size * 0.4;
      return isSmall && distance <= size * 0.55 && own.some((item) => touches(item, fragment));
    });
    if (row) row.fragments.push(fragment);
    else rows.push({ baseline: fragment.baseline, size: fragment.size, fragments: [fragment] });
  }
  rows.sort((one, other) => one.baseline - other.baseline);
  return rows.map((row) => row.fragments.toSorted((one, other) => one.x - other.x));
}

function touches(item: Fragment, other: Fragment): boolean {
  const gap = Math.max(other.x - (item.x + item.width), item.x - (other.x + other.width));
  return gap < item.size * 0.4;
}

function splitRow(fragments: readonly Fragment[], row: number): Segment[] {
  const segments: Segment[] = [];
  for (const fragment of fragments) {
    const last = segments.at(-1);
    if (last && fragment.x - last.right <= Math.max(last.size, fragment.size) * looseGap) {
      last.fragments.push(fragment);
      last.right = Math.max(last.right, fragment.x + fragment.width);
      last.characters += fragment.text.length;
      if (fragment.size > last.size) [last.size, last.baseline] = [fragment.size, fragment.baseline];
      continue;
    }
    segments.push({
      fragments: [fragment],
      x: fragment.x,
      right: fragment.x + fragment.width,
      baseline: fragment.baseline,
      size: fragment.size,
      row,
      characters: fragment.text.length,
    });
  }
  return segments;
}

/** The segments level with each other, from the left; rows from the top. */
export function rowsOf(segments: readonly Segment[]): Segment[][] {
  const rows = new Map<number, Segment[]>();
  for (const segment of segments) {
    const row = rows.get(segment.row);
    if (row) row.push(segment);
    else rows.set(segment.row, [segment]);
  }
  return [...rows.entries()]
    .toSorted((one, other) => one[0] - other[0])
    .map(([, row]) => row.toSorted((one, other) => one.x - other.x));
}

export function plainText(segment: Segment): string {
  return segment.fragments
    .map((fragment) => fragment.text)
    .join("")
    .trim();
}

const bulletSign = /^[•◦▪■□●○‣⁃·*†‡§–—\-✓➢►]$/u;
const numbered =
  /^(?:\(?\d{1,3}(?:\.\d{1,3}){0,3}[.):]|\d{1,2}(?:\.\d{1,2}){1,3}|\(?[A-Za-z][.)]|\(?[ivxIVX]{1,5}[.)])$/;
const captionLabel = /^(?:Table|Fig(?:ure|\.)|Box|Annex) \d+[.:]?$/i;

/** What stands before a line and belongs to it, however wide the gap: a bullet, a number, a caption's label. */
export function isMarker(text: string): boolean {
  return bulletSign.test(text) || numbered.test(text) || captionLabel.test(text) || text === "[";
}

/** A list's own number or bullet, alone. */
export function isBulletSign(text: string): boolean {
  return bulletSign.test(text);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
