import { isMarker, median, plainText, rowsOf, type Segment } from "./segments.ts";

/** A gutter that stays empty over a run of rows, and what stands on its two sides. */
export interface ColumnRun {
  /** First and last row of the run, as in `Segment.row`. */
  from: number;
  to: number;
  left: Segment[];
  right: Segment[];
  /** Rows with text on both sides of the gutter. */
  level: number;
  gap: number;
  /** Where the gutter's middle stands. */
  middle: number;
}

/** Every run of rows that some vertical line crosses without touching text, one for each different pair of sides. */
export function columnRuns(segments: readonly Segment[]): ColumnRun[] {
  const rows = rowsOf(segments);
  if (rows.length < 2) return [];
  const em = median(segments.map((segment) => segment.size));
  const from = Math.min(...segments.map((segment) => segment.x));
  const to = Math.max(...segments.map((segment) => segment.right));
  const runs = new Map<string, ColumnRun>();
  const step = Math.max(2, (to - from) / 400);
  for (let x = from + em; x <= to - em; x += step) {
    for (const run of runsAt(rows, x, em)) {
      const key = `${run.from} ${run.to} ${run.left.length} ${run.right.length}`;
      if (!runs.has(key)) runs.set(key, run);
    }
  }
  return [...runs.values()];
}

function runsAt(rows: readonly Segment[][], x: number, em: number): ColumnRun[] {
  const runs: ColumnRun[] = [];
  let left: Segment[] = [];
  let right: Segment[] = [];
  let level = 0;
  const close = () => {
    if (left.length > 0 && right.length > 0) {
      const numbers = [...left, ...right].map((segment) => segment.row);
      const end = Math.min(...right.map((segment) => segment.x));
      const gap = end - Math.max(...left.map((segment) => segment.right));
      const middle = end - gap / 2;
      const run = { from: Math.min(...numbers), to: Math.max(...numbers), left, right, level, gap, middle };
      if (gap >= neededGap(run, em) && !followsMarkers(run)) runs.push(run);
    }
    left = [];
    right = [];
    level = 0;
  };
  for (const row of rows) {
    if (row.some((segment) => segment.x < x + 1 && segment.right > x - 1)) {
      close();
      continue;
    }
    const before = row.filter((segment) => segment.right <= x);
    left.push(...before);
    right.push(...row.slice(before.length));
    if (before.length > 0 && before.length < row.length) level += 1;
  }
  close();
  return runs;
}

/** A river of spaces runs through a few justified lines by chance, through many it does not. */
function neededGap({ left, right }: ColumnRun, em: number): number {
  const rows = Math.min(countRows(left), countRows(right));
  if (rows >= 8) return em * 0.6;
  return rows >= 4 ? em * 0.9 : em * 1.3;
}

function countRows(segments: readonly Segment[]): number {
  return new Set(segments.map((segment) => segment.row)).size;
}

/** The gap between the numbers or bullets of a list and its text is no gutter. */
function followsMarkers({ left, right }: ColumnRun): boolean {
  const nearest = new Map<number, Segment>();
  for (const segment of left) {
    const other = nearest.get(segment.row);
    if (!other || segment.right > other.right) nearest.set(segment.row, segment);
  }
  const levelled = [...new Set(right.map((segment) => segment.row))].flatMap((row) => nearest.get(row) ?? []);
  const marked = levelled.filter((segment) => isMarker(plainText(segment)));
  return marked.length > 0 && marked.length >= levelled.length * 0.6 && marked.length >= countRows(left) * 0.5;
}

/** The gutter between two columns of running text that splits the region best; null when there is none. */
export function textColumns(segments: readonly Segment[], gutters: readonly number[]): ColumnRun | null {
  const candidates = columnRuns(segments)
    .map((run) => ({ run, weight: weightOf(run) }))
    .toSorted((one, other) => other.weight - one.weight);
  for (const { run } of candidates) {
    const part = withoutTables(run);
    const isKnown = gutters.some((x) => Math.abs(x - run.middle) <= run.gap / 2);
    if (part && isText(part, isKnown)) return part;
  }
  return null;
}

/** A page's gutter is the one with much text on both sides, over much of its height. */
function weightOf(run: ColumnRun): number {
  const characters = (side: readonly Segment[]) => side.reduce((sum, segment) => sum + segment.characters, 0);
  return Math.min(characters(run.left), characters(run.right)) * (run.to - run.from + 1) ** 0.5;
}

interface Side {
  rows: number;
  /** Rows that reach from edge to edge. */
  full: number;
  width: number;
  /** Rows that begin inside a sentence: text runs on from line to line, cells do not. */
  running: number;
}

function sideOf(segments: readonly Segment[]): Side {
  const rows = rowsOf(segments);
  const left = Math.min(...segments.map((segment) => segment.x));
  const rights = rows.map((row) => Math.max(...row.map((segment) => segment.right))).toSorted((a, b) => a - b);
  const width = (rights[Math.floor(rights.length * 0.95)] ?? left) - left;
  const full = rows.filter(
    (row) => coveredWidth(row) >= width * 0.7 && row.reduce((sum, { characters }) => sum + characters, 0) >= 22,
  );
  const running = rows.filter((row) => row[0] && /^[\p{Ll}\p{Lo}(]/u.test(plainText(row[0]))).length;
  return { rows: rows.length, full: full.length, width, running };
}

function coveredWidth(row: readonly Segment[]): number {
  return row.reduce((sum, segment) => sum + segment.right - segment.x, 0);
}

/** Text columns hold lines from edge to edge and paragraphs that begin where they may; a table's cells begin level. */
function isText(run: ColumnRun, isKnown: boolean): boolean {
  const left = sideOf(run.left);
  const right = sideOf(run.right);
  const isFull = (side: Side) =>
    side.full >= (isKnown ? 1 : 3) && side.full >= side.rows * 0.3 && side.running >= side.rows * 0.2;
  if (!isFull(left) && !isFull(right)) return false;
  if (Math.max(left.full, right.full) < (isKnown ? 2 : 4)) return false;
  const starts = { left: startsOf(run.left), right: startsOf(run.right) };
  if (isLevel(starts.left, starts.right, Math.min(left.rows, right.rows))) return false;
  if (isFull(left) && isFull(right)) return true;
  if (isLabels(isFull(left) ? run.right : run.left, isFull(left) ? run.left : run.right)) return false;
  if (isFull(left)) return true;
  // Labels in the margin, each level with the text it names, are a table's first column.
  return !starts.left.every((start) => starts.right.some((other) => isNear(start, other)));
}

/** Page numbers, doses or abbreviations, nearly each level with a line of the text beside it. */
function isLabels(side: readonly Segment[], text: readonly Segment[]): boolean {
  const rows = rowsOf(side);
  const beside = new Set(text.map((segment) => segment.row));
  const level = rows.filter((row) => row[0] && beside.has(row[0].row)).length;
  const characters = median(rows.map((row) => row.reduce((sum, segment) => sum + segment.characters, 0)));
  return rows.length >= 2 && characters < 25 && level >= rows.length * 0.7;
}

interface Start {
  baseline: number;
  size: number;
}

/** Where a side's paragraphs or cells begin: its first line and each line after a wider gap. */
function startsOf(segments: readonly Segment[]): Start[] {
  const rows = rowsOf(segments).map((row) => ({
    baseline: median(row.map((segment) => segment.baseline)),
    size: Math.max(...row.map((segment) => segment.size)),
  }));
  const distances = rows.slice(1).map((row, index) => row.baseline - (rows[index]?.baseline ?? 0));
  const leading = leadingOf(distances, median(rows.map((row) => row.size)));
  return rows.filter((_, index) => index === 0 || (distances[index - 1] ?? 0) > leading * 1.22);
}

/** The usual distance of lines in one paragraph, in points: a low one of those seen, since gaps only add to it. */
export function leadingOf(distances: readonly number[], size: number): number {
  const possible = distances.filter((distance) => distance > size * 0.8).toSorted((one, other) => one - other);
  return Math.min(possible[Math.floor(possible.length * 0.25)] ?? size * 1.3, size * 1.6);
}

function isNear(one: Start, other: Start): boolean {
  return Math.abs(one.baseline - other.baseline) <= Math.min(one.size, other.size) * 0.3;
}

/** Most beginnings below the first are level with one on the other side. */
function isLevel(left: readonly Start[], right: readonly Start[], rows: number): boolean {
  const fewer = Math.min(left.length, right.length) - 1;
  if (fewer < 1) return false;
  const level = left.slice(1).filter((start) => right.slice(1).some((other) => isNear(start, other))).length;
  return fewer === 1 ? level === 1 && rows < 8 : level >= 2 && level / fewer >= 0.7;
}

/** A table whose own gutter happens to lie on the page's is cut out: its cells are short and level. */
function withoutTables(run: ColumnRun): ColumnRun | null {
  const bands = bandsOf(run);
  const isTable = bands.map((band) => isTableBand(band, run));
  const parts: Segment[][] = [];
  let part: Segment[] = [];
  for (let index = 0; index < bands.length; index += 1) {
    let end = index;
    while (isTable[end]) end += 1;
    if (countRows(bands.slice(index, end).flat()) >= 3) {
      parts.push(part);
      part = [];
      index = end - 1;
    } else part.push(...(bands[index] ?? []));
  }
  parts.push(part);
  if (parts.length === 1) return run;
  const largest = parts.toSorted((one, other) => other.length - one.length)[0] ?? [];
  return narrowed(run, largest);
}

function narrowed(run: ColumnRun, kept: readonly Segment[]): ColumnRun | null {
  const chosen = new Set(kept);
  const left = run.left.filter((segment) => chosen.has(segment));
  const right = run.right.filter((segment) => chosen.has(segment));
  if (left.length === 0 || right.length === 0) return null;
  const numbers = kept.map((segment) => segment.row);
  return { ...run, left, right, from: Math.min(...numbers), to: Math.max(...numbers) };
}

/** The run cut at the gaps that both sides share. */
function bandsOf(run: ColumnRun): Segment[][] {
  const rows = rowsOf([...run.left, ...run.right]);
  const sizes = median(rows.flat().map((segment) => segment.size));
  const leading = Math.max(leadingOfSide(run.left, sizes), leadingOfSide(run.right, sizes));
  const bands: Segment[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const baseline = median(row.map((segment) => segment.baseline));
    if (baseline - last > leading * 1.22) bands.push([]);
    bands.at(-1)?.push(...row);
    last = baseline;
  }
  return bands;
}

function leadingOfSide(side: readonly Segment[], size: number): number {
  const baselines = rowsOf(side).map((row) => median(row.map((segment) => segment.baseline)));
  return leadingOf(
    baselines.slice(1).map((baseline, index) => baseline - (baselines[index] ?? 0)),
    size,
  );
}

function isTableBand(band: readonly Segment[], run: ColumnRun): boolean {
  const lefts = new Set(run.left);
  const left = band.filter((segment) => lefts.has(segment));
  const right = band.filter((segment) => !lefts.has(segment));
  if (left.length === 0 || right.length === 0) return false;
  const [leftRows, rightRows] = [rowsOf(left), rowsOf(right)];
  if (leftRows[0]?.[0]?.row !== rightRows[0]?.[0]?.row) return false;
  const rightNumbers = new Set(right.map((segment) => segment.row));
  const level = leftRows.filter((row) => row[0] && rightNumbers.has(row[0].row)).length;
  if (level < Math.min(leftRows.length, rightRows.length)) return false;
  const firsts = [leftRows[0]?.[0], rightRows[0]?.[0]];
  if (
    firsts.some(
      (segment) =>
        segment && isMarker(plainText(segment).split(" ")[0] ?? "") && !/^\d+\.\d+ /.test(plainText(segment)),
    )
  )
    return false;
  const isShort = (rows: Segment[][], side: readonly Segment[]) =>
    Math.max(...rows.map(coveredWidth)) < sideOf(side).width * 0.7;
  return isShort(leftRows, run.left) || isShort(rightRows, run.right);
}
