import { type ColumnRun, columnRuns, leadingOf } from "./columns.ts";
import { median, plainText, rowsOf, type Segment } from "./segments.ts";

/** One line of each cell that has one, by column. */
type CellLine = Map<number, Segment[]>;
/** A table's row: for each column the lines of its cell, from the top. */
export type TableRow = Map<number, Segment[][]>;

export interface Table {
  run: ColumnRun;
  rows: TableRow[];
  /** Single-celled rows at its head and foot (captions, notes) that are no part of it. */
  before: Segment[];
  after: Segment[];
}

/** The largest run of level cells in a region without text columns; null when there is none. */
export function findTable(segments: readonly Segment[]): Table | null {
  const em = median(segments.map((segment) => segment.size));
  const candidates = columnRuns(segments)
    .filter((run) => run.level >= 2 && run.gap >= em * 0.9)
    .toSorted((one, other) => other.level - one.level || other.to - other.from - (one.to - one.from));
  const run = candidates[0];
  if (!run) return null;
  const all = [...run.left, ...run.right];
  const edges = columnEdges(run, em);
  const rows = tableRows(all, edges, em);
  const first = rows.findIndex((row) => row.size > 1);
  if (first === -1) return null;
  const last = rows.findLastIndex((row) => row.size > 1);
  return {
    run,
    rows: rows.slice(first, last + 1),
    before: rows.slice(0, first).flatMap(segmentsIn),
    after: rows.slice(last + 1).flatMap(segmentsIn),
  };
}

function segmentsIn(row: TableRow): Segment[] {
  return [...row.values()].flat(2);
}

/** Cells of a table's row begin (or are centred) level; blocks that only stand beside each other do not. */
export function isLevelTable({ rows }: Table): boolean {
  const several = rows.filter((row) => row.size > 1);
  const level = several.filter((row) => {
    const firsts = [...row.values()].map((lines) => lines[0]?.[0]?.row);
    return new Set(firsts).size < firsts.length || isCentred(row);
  });
  return several.length > 0 && level.length >= several.length * 0.6 && several.every((row) => heightOf(row) <= 40);
}

function heightOf(row: TableRow): number {
  return Math.max(...[...row.values()].map((lines) => lines.length));
}

function isCentred(row: TableRow): boolean {
  const middles = [...row.values()].map((lines) => {
    const baselines = lines.flat().map((segment) => segment.baseline);
    return (Math.min(...baselines) + Math.max(...baselines)) / 2;
  });
  const size = [...row.values()].flat(2)[0]?.size ?? 10;
  return Math.max(...middles) - Math.min(...middles) < size * 0.7;
}

/** Left edges of the table's columns: where a stretch empty in nearly all of its level rows ends. */
function columnEdges(run: ColumnRun, em: number): number[] {
  const rights = new Set(run.right.map((segment) => segment.row));
  const level = run.left.flatMap((segment) => (rights.has(segment.row) ? [segment.row] : []));
  const [first, last] = [Math.min(...level), Math.max(...level)];
  const segments = [...run.left, ...run.right].filter(({ row }) => row >= first && row <= last);
  const from = Math.min(...segments.map((segment) => segment.x));
  const to = Math.max(...segments.map((segment) => segment.right));
  const rows = rowsOf(segments).length;
  const allowed = rows >= 12 ? Math.floor(rows * 0.06) : 0;
  const gutter = Math.min(...run.right.map((segment) => segment.x));
  const edges = [from];
  let emptyFrom = from;
  for (let x = from; x <= to; x += 1) {
    const crossing = segments.filter((segment) => segment.x < x + 0.5 && segment.right > x - 0.5).length;
    if (crossing <= allowed) continue;
    const isGutter = emptyFrom < gutter && gutter <= x + 1.5 && (edges.at(-1) ?? from) < gutter - 1.5;
    if (x - emptyFrom >= em * 0.6 || isGutter) edges.push(isGutter ? Math.min(x, gutter) : x);
    emptyFrom = x + 1;
  }
  return edges;
}

function columnOf(segment: Segment, edges: readonly number[]): number {
  return Math.max(
    0,
    edges.findLastIndex((edge) => segment.x >= edge - 1.5),
  );
}

/** A wider gap through all columns ends a row; without one, a line whose cells all begin anew does. */
function tableRows(segments: readonly Segment[], edges: readonly number[], em: number): TableRow[] {
  const lines = rowsOf(segments).map((row) => ({
    baseline: median(row.map((segment) => segment.baseline)),
    cells: cellsOf(row, edges),
  }));
  const leading = leadingIn(lines, edges.length, em);
  const columns = edges.map((_, column) => columnWidth(lines, edges, column));
  const rows: TableRow[] = [];
  let baseline = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    const row = rows.at(-1);
    const isApart = line.baseline - baseline > leading * 1.22;
    if (!row || isApart || beginsRow(row, line.cells, columns)) rows.push(new Map());
    const open = rows.at(-1);
    for (const [column, cell] of line.cells) open?.set(column, [...(open.get(column) ?? []), cell]);
    baseline = line.baseline;
  }
  return rows.map((row) => new Map([...row].toSorted((one, other) => one[0] - other[0])));
}

function cellsOf(row: readonly Segment[], edges: readonly number[]): CellLine {
  const cells: CellLine = new Map();
  for (const segment of row) {
    const column = columnOf(segment, edges);
    cells.set(column, [...(cells.get(column) ?? []), segment]);
  }
  return cells;
}

/** The usual distance of lines inside a cell, in points. */
function leadingIn(lines: readonly { baseline: number; cells: CellLine }[], columns: number, em: number): number {
  const distances: number[] = [];
  for (let column = 0; column < columns; column += 1) {
    const own = lines.filter((line) => line.cells.has(column));
    for (const [index, line] of own.slice(1).entries()) distances.push(line.baseline - (own[index]?.baseline ?? 0));
  }
  return Math.min(leadingOf(distances, em), em * 1.5);
}

interface ColumnShape {
  right: number;
  /** Characters of its longest line. */
  characters: number;
}

function columnWidth(lines: readonly { cells: CellLine }[], edges: readonly number[], column: number): ColumnShape {
  const own = lines.flatMap((line) => [line.cells.get(column) ?? []]).filter((cell) => cell.length > 0);
  const widest = Math.max(...own.map((cell) => cell.at(-1)?.right ?? 0));
  const next = edges[column + 1];
  const characters = Math.max(...own.map((cell) => cell.reduce((sum, segment) => sum + segment.characters, 0)));
  return { right: next === undefined ? widest : Math.max(widest, next - 8), characters };
}

function beginsRow(row: TableRow, cells: CellLine, columns: readonly ColumnShape[]): boolean {
  const shared = [...cells.keys()].filter((column) => row.has(column));
  if (shared.length === 0) return false;
  if (cells.size === 1 && !cells.has(0)) return false;
  if (shared.every((column) => isSequel(row.get(column) ?? [], cells.get(column) ?? []))) return false;
  // A column of short labels (abbreviations, letters, scores) tells rows apart on its own.
  const deciding = cells.has(0) && row.has(0) && (columns[0]?.characters ?? 0) <= 12 ? [0] : shared;
  return deciding.every((column) => {
    const last = row.get(column)?.at(-1);
    const next = cells.get(column);
    const shape = columns[column];
    const isWide = column === 0 || cells.size === 1 || (shape?.characters ?? 0) > 12;
    return !(last && next && shape && isWide && runsOn(last, next, shape));
  });
}

/** Whether a line begins small, or follows a comma, in a cell that began otherwise. */
function isSequel(lines: readonly Segment[][], next: readonly Segment[]): boolean {
  const [first, end, start] = [lines[0]?.[0], lines.at(-1)?.at(-1), next[0]];
  if (!first || !end || !start) return false;
  if (/,$/.test(plainText(end))) return true;
  return /^[\p{Ll}(]/u.test(plainText(start)) && !/^[\p{Ll}(]/u.test(plainText(first));
}

/** Whether a line goes on in the one below: its next word did not fit, and reads as its sequel. */
function runsOn(last: readonly Segment[], next: readonly Segment[], column: ColumnShape): boolean {
  const end = last.at(-1);
  const start = next[0];
  if (!end || !start) return false;
  const [before, after] = [plainText(end), plainText(start)];
  const word = after.split(/\s/)[0] ?? "";
  const width = ((start.right - start.x) / Math.max(after.length, 1)) * word.length;
  if (end.right + end.size * 0.25 + width < column.right - 1) return false;
  if (/^[\p{Ll}(),;%]/u.test(after)) return true;
  return /[,–-]$|\b(?:and|or|of|the|to|with|in|for|than|by|a|per|at)$/i.test(before) || /^[\d<>≤≥±]/.test(after);
}
