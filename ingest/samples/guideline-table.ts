import type { GuidelineBlock } from "./guideline-markdown.ts";
import { accent, ink, rule } from "./guideline-style.ts";

type Table = Extract<GuidelineBlock, { kind: "table" }>;
const cellPadding = 3.5;

/** Each column is as wide as its longest word, so that none is broken; the rest is shared by the length of the text. */
function columnWidths(document: PDFKit.PDFDocument, table: Table, width: number): number[] {
  const columns = (table.rows[0] ?? []).map((_, column) => table.rows.map((row) => row[column] ?? ""));
  document.font("Helvetica-Bold").fontSize(8.5);
  const widest = (cells: string[]) =>
    Math.max(...cells.flatMap((cell) => cell.split(" ")).map((word) => document.widthOfString(word)));
  const smallest = columns.map((cells) => widest(cells) + 2 * cellPadding + 1);
  const weights = columns.map((cells) => Math.min(Math.max(...cells.map((cell) => cell.length)), 60));
  const spare = width - smallest.reduce((sum, value) => sum + value, 0);
  if (spare < 0) throw new Error(`${table.caption}: the table's words are wider than its column`);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return smallest.map((value, column) => value + (spare * (weights[column] ?? 0)) / total);
}

function rowHeight(document: PDFKit.PDFDocument, row: string[], widths: number[], isHead: boolean): number {
  document.font(isHead ? "Helvetica-Bold" : "Helvetica").fontSize(8.5);
  const heights = row.map((cell, index) =>
    document.heightOfString(cell, { width: (widths[index] ?? 0) - 2 * cellPadding, lineGap: 1 }),
  );
  return Math.max(...heights) + 2 * cellPadding;
}

function captionHeight(document: PDFKit.PDFDocument, table: Table, width: number): number {
  return document.font("Helvetica-Bold").fontSize(9).heightOfString(table.caption, { width }) + 4;
}

export function tableHeight(document: PDFKit.PDFDocument, table: Table, width: number): number {
  const widths = columnWidths(document, table, width);
  const rows = table.rows.map((row, index) => rowHeight(document, row, widths, index === 0));
  return captionHeight(document, table, width) + rows.reduce((sum, height) => sum + height, 0);
}

export function drawTable(
  document: PDFKit.PDFDocument,
  table: Table,
  place: { left: number; width: number; y: number },
): void {
  const widths = columnWidths(document, table, place.width);
  let y = place.y + captionHeight(document, table, place.width);
  document.fillColor(accent).text(table.caption, place.left, place.y, { width: place.width });
  for (const [index, row] of table.rows.entries()) {
    const height = rowHeight(document, row, widths, index === 0);
    if (index === 0) document.rect(place.left, y, place.width, height).fill("#e3edf0");
    document
      .font(index === 0 ? "Helvetica-Bold" : "Helvetica")
      .fontSize(8.5)
      .fillColor(ink);
    let x = place.left;
    for (const [column, cell] of row.entries()) {
      const cellWidth = widths[column] ?? 0;
      document.text(cell, x + cellPadding, y + cellPadding, { width: cellWidth - 2 * cellPadding, lineGap: 1 });
      x += cellWidth;
    }
    y += height;
    document
      .moveTo(place.left, y)
      .lineTo(place.left + place.width, y)
      .lineWidth(0.5)
      .strokeColor(rule)
      .stroke();
  }
}
