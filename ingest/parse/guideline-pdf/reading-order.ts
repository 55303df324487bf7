import { textColumns } from "./columns.ts";
import { lineOf } from "./line.ts";
import { isBulletSign, isMarker, plainText, rowsOf, type Segment, segmentsOf } from "./segments.ts";
import { findTable, isLevelTable, type Table } from "./tables.ts";
import type { Fragment, Line } from "./types.ts";

/** A region with more pieces is no text page; it is read row by row. */
const analysedSegments = 4000;
const depthLimit = 24;

/**
 * A page's fragments as lines in reading order, by a recursive cut: a gutter between text columns divides its run of
 * rows into left and right, what crosses it stands above and below. Tables are read by rows and cells.
 */
export function linesInOrder(fragments: readonly Fragment[]): Line[] {
  const page = new Page();
  page.read(segmentsOf(fragments), 0);
  return page.lines;
}

class Page {
  readonly lines: Line[] = [];
  private block = 0;
  private row = 0;

  /** `gutters` are those of the regions around: what stands above or below a table keeps its page's columns. */
  read(region: readonly Segment[], depth: number, gutters: readonly number[] = []): void {
    if (region.length === 0) return;
    const isAnalysed = depth < depthLimit && region.length <= analysedSegments;
    const columns = isAnalysed ? textColumns(region, gutters) : null;
    if (!columns) {
      this.readRows(withMarkers(region), depth);
      return;
    }
    const inside = new Set([...columns.left, ...columns.right]);
    const known = [...gutters, columns.middle];
    const outside = region.filter((segment) => !inside.has(segment));
    this.read(
      outside.filter((segment) => segment.row < columns.from),
      depth + 1,
      known,
    );
    this.read(columns.left, depth + 1);
    this.read(columns.right, depth + 1);
    this.read(
      outside.filter((segment) => segment.row >= columns.from),
      depth + 1,
      known,
    );
  }

  /** One column of text, with the tables in it. */
  private readRows(region: readonly Segment[], depth: number): void {
    if (region.length === 0) return;
    const table = depth < depthLimit && region.length <= analysedSegments ? findTable(region) : null;
    if (!table) {
      this.addText(region);
      return;
    }
    const above = region.filter((segment) => segment.row < table.run.from);
    const below = region.filter((segment) => segment.row > table.run.to);
    this.readRows([...above, ...table.before], depth + 1);
    if (isLevelTable(table)) this.addTable(table);
    else this.addBeside(table, depth);
    this.readRows([...table.after, ...below], depth + 1);
  }

  /** Blocks beside each other that are no table: the left one first, never mixed. */
  private addBeside({ rows, run }: Table, depth: number): void {
    const kept = new Set(rows.flatMap((row) => [...row.values()].flat(2)));
    this.read(
      run.left.filter((segment) => kept.has(segment)),
      depth + 1,
    );
    this.read(
      run.right.filter((segment) => kept.has(segment)),
      depth + 1,
    );
  }

  private addTable({ rows }: Table): void {
    this.block += 1;
    for (const row of rows) {
      this.row += 1;
      for (const [cell, lines] of row) {
        for (const line of lines) this.lines.push(lineOf(line, { column: this.block, row: this.row, cell }));
      }
    }
  }

  private addText(region: readonly Segment[]): void {
    this.block += 1;
    for (const row of rowsOf(region)) {
      const cells = cellsOf(row);
      if (cells.length > 1) this.row += 1;
      for (const [cell, segments] of cells.entries()) {
        this.lines.push(lineOf(segments, { column: this.block, row: cells.length > 1 ? this.row : null, cell }));
      }
    }
  }
}

/** A single line with wide gaps is a row of cells. */
function cellsOf(row: readonly Segment[]): Segment[][] {
  const cells: Segment[][] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const segment of row) {
    const last = cells.at(-1);
    const isApart = segment.x - right > segment.size * 1.6;
    const isLabel = cells.length === 1 && last?.length === 1 && last[0] && isMarker(plainText(last[0]));
    if (last && (!isApart || isLabel)) last.push(segment);
    else cells.push([segment]);
    right = segment.right;
  }
  return cells;
}

/** A bullet or number before its line joins it, so that the gap between them makes no column. */
function withMarkers(region: readonly Segment[]): Segment[] {
  return rowsOf(region).flatMap((row) => {
    const joined: Segment[] = [];
    for (const segment of row) {
      const last = joined.at(-1);
      if (last && joinsMarker(last, segment, joined.length === 1)) {
        joined[joined.length - 1] = {
          ...segment,
          fragments: [...last.fragments, ...segment.fragments],
          x: last.x,
          isLabelled: true,
          characters: last.characters + segment.characters,
        };
      } else joined.push(segment);
    }
    return joined;
  });
}

function joinsMarker(marker: Segment, segment: Segment, isFirst: boolean): boolean {
  const text = plainText(marker);
  const gap = segment.x - marker.right;
  if (isBulletSign(text)) return gap <= segment.size * 4 && !/^[–—-]$/.test(text);
  return isFirst && isMarker(text) && gap <= segment.size * 5 && /^[\p{L}"“'‘([<>≤≥]/u.test(plainText(segment));
}
