import type { Fragment, Line } from "./types.ts";

/** A stretch of one line without a wide gap. */
interface Segment {
  fragments: Fragment[];
  x: number;
  right: number;
  baseline: number;
  size: number;
  row: number;
  characters: number;
}

/** A page's fragments as lines in reading order: column by column where prose stands in columns. */
export function linesInOrder(fragments: readonly Fragment[], pageWidth: number): Line[] {
  const segments = segmentsOf(fragments);
  const lines: Line[] = [];
  let column = 0;
  const emit = (group: Segment[]) => {
    column += 1;
    for (const row of rowsOf(group)) lines.push(lineOf(row, column));
  };
  order(segments, pageWidth, emit, 0);
  return lines;
}

/** Fragments on one baseline make a row (raised and lowered small print included); wide gaps split it. */
function segmentsOf(fragments: readonly Fragment[]): Segment[] {
  const rows: { baseline: number; size: number; fragments: Fragment[] }[] = [];
  for (const fragment of fragments.toSorted((one, other) => other.size - one.size || one.baseline - other.baseline)) {
    const row = rows.find(({ baseline, size, fragments: own }) => {
      const distance = Math.abs(baseline - fragment.baseline);
      if (distance <= size * 0.2) return true;
      const isSmall = fragment.size < size * 0.85;
      return isSmall && distance <= size * 0.55 && own.some((item) => touches(item, fragment));
    });
    if (row) row.fragments.push(fragment);
    else rows.push({ baseline: fragment.baseline, size: fragment.size, fragments: [fragment] });
  }
  rows.sort((one, other) => one.baseline - other.baseline);
  return rows.flatMap((row, index) => splitRow(row.fragments, index));
}

function touches(item: Fragment, other: Fragment): boolean {
  const gap = Math.max(other.x - (item.x + item.width), item.x - (other.x + other.width));
  return gap < item.size * 0.4;
}

function splitRow(fragments: Fragment[], row: number): Segment[] {
  const segments: Segment[] = [];
  for (const fragment of fragments.toSorted((one, other) => one.x - other.x)) {
    const last = segments.at(-1);
    if (last && fragment.x - last.right <= Math.max(last.size, fragment.size) * 1.05) {
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

/** Splits at a gutter between columns of prose; what crosses the gutter divides the page into bands. */
function order(segments: Segment[], pageWidth: number, emit: (group: Segment[]) => void, depth: number): void {
  const gutter = depth < 3 ? findGutter(segments, pageWidth) : null;
  if (gutter === null) {
    if (segments.length > 0) emit(segments);
    return;
  }
  let left: Segment[] = [];
  let right: Segment[] = [];
  let spanning: Segment[] = [];
  const flushColumns = () => {
    // A band too short for columns (a heading's second part, a caption) is read row by row.
    if (left.length < 2 || right.length < 2) {
      if (left.length + right.length > 0) emit([...left, ...right]);
    } else {
      order(left, pageWidth, emit, depth + 1);
      order(right, pageWidth, emit, depth + 1);
    }
    left = [];
    right = [];
  };
  const flushSpanning = () => {
    if (spanning.length > 0) emit(spanning);
    spanning = [];
  };
  const crossingRows = new Set(segments.filter((item) => crosses(item, gutter)).map((item) => item.row));
  for (const segment of segments.toSorted((one, other) => one.row - other.row || one.x - other.x)) {
    if (crossingRows.has(segment.row)) {
      flushColumns();
      spanning.push(segment);
    } else {
      flushSpanning();
      (segment.right <= gutter ? left : right).push(segment);
    }
  }
  flushColumns();
  flushSpanning();
}

function crosses(segment: Segment, x: number): boolean {
  return segment.x < x - 1 && segment.right > x + 1;
}

const minimumLines = 5;

/** The middle of the clearest vertical gap between two columns of prose; null when there is none. */
function findGutter(segments: Segment[], pageWidth: number): number | null {
  if (segments.length < 2 * minimumLines) return null;
  const from = Math.min(...segments.map((item) => item.x));
  const to = Math.max(...segments.map((item) => item.right));
  if (to - from < pageWidth * 0.25) return null;
  let best: { crossing: number; from: number; to: number } | null = null;
  for (let x = from + (to - from) * 0.2; x <= from + (to - from) * 0.8; x += 2) {
    let crossing = 0;
    for (const item of segments) if (crosses(item, x)) crossing += 1;
    if (!best || crossing < best.crossing) best = { crossing, from: x, to: x };
    else if (crossing === best.crossing && x - best.to <= 2) best.to = x;
  }
  if (!best || best.crossing > segments.length * 0.25) return null;
  const middle = (best.from + best.to) / 2;
  const left = segments.filter((item) => item.right <= middle + 1);
  const right = segments.filter((item) => item.x >= middle - 1);
  return isProse(left) && isProse(right) ? middle : null;
}

/** Lines of a text column are long and fill its width; cells of a table do not. */
function isProse(column: Segment[]): boolean {
  if (new Set(column.map((item) => item.row)).size < minimumLines) return false;
  const widths = column.map((item) => item.right - item.x);
  const full = Math.max(...widths);
  return median(widths) >= full * 0.55 && median(column.map((item) => item.characters)) >= 22;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function rowsOf(segments: Segment[]): Segment[][] {
  const rows = new Map<number, Segment[]>();
  for (const segment of segments) rows.set(segment.row, [...(rows.get(segment.row) ?? []), segment]);
  return [...rows.values()].toSorted((one, other) => (one[0]?.row ?? 0) - (other[0]?.row ?? 0));
}

/** What may stand before a wide gap without making its line a table's row: a bullet, a number, a short label. */
const marker =
  /^(?:[•◦▪■□●○‣⁃·*†‡§–—\-✓➢►]|\(?\d{1,3}(?:\.\d{1,3})*[.):]?|\(?[A-Za-z][.)]|[ivxIVX]{1,5}[.)]?|Table \d+\.?|Fig(?:ure|\.) \d+\.?|Box \d+\.?)$/u;

function lineOf(segments: Segment[], column: number): Line {
  const sorted = segments.toSorted((one, other) => one.x - other.x);
  let text = "";
  let row = false;
  for (const [index, segment] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before) {
      const wide = segment.x - before.right > Math.max(before.size, segment.size) * 1.6;
      const isCell = wide && !(index === 1 && marker.test(text.trim()));
      row ||= isCell;
      text += isCell ? " | " : " ";
    }
    text += segmentText(segment.fragments);
  }
  const fragments = sorted.flatMap((segment) => segment.fragments);
  const main = sorted.reduce((largest, segment) => (segment.characters > largest.characters ? segment : largest));
  const letters = fragments.filter((fragment) => /[\p{L}\d]/u.test(fragment.text));
  const top = Math.min(...fragments.map((fragment) => fragment.y));
  const bottom = Math.max(...fragments.map((fragment) => fragment.y + fragment.height));
  const x = Math.min(...sorted.map((segment) => segment.x));
  return {
    // Symbol fonts without a map give their bullet as an opening bracket.
    text: text
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^\[ (?=[^\]]*$)/, "• "),
    x,
    y: top,
    width: Math.max(...sorted.map((segment) => segment.right)) - x,
    height: bottom - top,
    baseline: main.baseline,
    size: main.size,
    bold: letters.length > 0 && letters.every((fragment) => fragment.bold),
    column,
    row,
    lastX: sorted.at(-1)?.x ?? x,
  };
}

/** Raised numbers become exponents where they stand on a digit or unit; see inline.ts for why. */
function segmentText(fragments: Fragment[]): string {
  const largest = Math.max(...fragments.map((fragment) => fragment.size));
  const baseline = fragments.find((fragment) => fragment.size === largest)?.baseline ?? 0;
  let text = "";
  let right = Number.NEGATIVE_INFINITY;
  for (const fragment of fragments) {
    const gap = fragment.x - right;
    if (text !== "" && gap > largest * 0.14 && !text.endsWith(" ") && !fragment.text.startsWith(" ")) text += " ";
    const isRaised = fragment.size < largest * 0.8 && baseline - fragment.baseline > largest * 0.18;
    text += isRaised ? raised(text, fragment.text) : fragment.text;
    right = Math.max(right, fragment.x + fragment.width);
  }
  return text;
}

const superscripts: Record<string, string> = { "-": "⁻", "−": "⁻", "–": "⁻", "+": "⁺" };

function raised(before: string, text: string): string {
  const content = text.trim();
  if (!/^[+−–-]?\d{1,3}$/.test(content) || !/[\p{L}\d)%]$/u.test(before)) {
    return /\d$/.test(before) && /^[\p{L}\d]/u.test(content) ? `^${text}` : text;
  }
  return [...content]
    .map((character) => superscripts[character] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(character)] ?? character)
    .join("");
}
