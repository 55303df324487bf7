import PDFDocument from "pdfkit";
import type { Guideline, GuidelineBlock } from "./guideline-markdown.ts";
import { accent, ink, rule } from "./guideline-style.ts";
import { drawTable, tableHeight } from "./guideline-table.ts";

export const sampleMark = "SAMPLE – teaching text, not a clinical guideline";
export const sampleAuthor = "Probatum sample guideline (teaching text)";

const pageWidth = 595.28;
const pageHeight = 841.89;
const margin = 54;
const top = 72;
const bottom = pageHeight - 64;
const gutter = 22;

/** Where the next block goes: a column of a page, `y` in points from the page's top. */
interface Cursor {
  column: number;
  columnTop: number;
  y: number;
}

/**
 * A guideline as PDF bytes, the same for the same text on every machine: a fixed date, standard fonts, and no
 * compression, since deflate's output differs between processors.
 */
export function renderGuideline(guideline: Guideline): Promise<Uint8Array> {
  const document = new PDFDocument({
    size: "A4",
    margins: { top, bottom: 0, left: margin, right: margin },
    compress: false,
    bufferPages: true,
    lang: "en",
    info: {
      Title: `${guideline.title} – ${sampleAuthor}`,
      Author: sampleAuthor,
      Subject: sampleMark,
      CreationDate: new Date(`${guideline.date}T00:00:00Z`),
    },
  });
  const bytes = collect(document);
  const cursor = writeTitle(document, guideline);
  const width = (pageWidth - 2 * margin - (guideline.columns - 1) * gutter) / guideline.columns;
  for (const [index, block] of guideline.blocks.entries()) {
    const needed =
      blockHeight(document, block, width) + keepWithNext(document, guideline.blocks[index + 1], block, width);
    if (cursor.y + needed > bottom) nextColumn(document, cursor, guideline.columns);
    const left = margin + cursor.column * (width + gutter);
    cursor.y += drawBlock(document, block, { left, width, y: cursor.y, atTop: cursor.y === cursor.columnTop });
  }
  writeHeadersAndFooters(document, guideline);
  document.end();
  return bytes;
}

function collect(document: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    document.on("data", (part: Buffer) => parts.push(part));
    document.on("end", () => resolve(new Uint8Array(Buffer.concat(parts))));
    document.on("error", reject);
  });
}

function writeTitle(document: PDFKit.PDFDocument, guideline: Guideline): Cursor {
  const width = pageWidth - 2 * margin;
  document.rect(margin, top, width, 20).fill("#8a1c1c");
  document
    .font("Helvetica-Bold")
    .fontSize(10)
    .fillColor("white")
    .text(sampleMark, margin, top + 6, { width, align: "center" });
  document
    .fillColor(accent)
    .font("Helvetica-Bold")
    .fontSize(19)
    .text(guideline.title, margin, top + 34, { width });
  document
    .fillColor(ink)
    .font("Helvetica")
    .fontSize(9)
    .text(`${sampleAuthor} · ${guideline.number} · ${guideline.date}`, margin, document.y + 4, { width });
  const y = document.y + 8;
  document
    .moveTo(margin, y)
    .lineTo(margin + width, y)
    .lineWidth(1)
    .strokeColor(accent)
    .stroke();
  return { column: 0, columnTop: y + 12, y: y + 12 };
}

function nextColumn(document: PDFKit.PDFDocument, cursor: Cursor, columns: number): void {
  cursor.column += 1;
  if (cursor.column === columns) {
    document.addPage();
    cursor.column = 0;
    cursor.columnTop = top;
  }
  cursor.y = cursor.columnTop;
}

interface Style {
  font: string;
  size: number;
  before: number;
  after: number;
  indent: number;
  lineGap: number;
}

const bodyStyle: Style = { font: "Helvetica", size: 9.5, before: 0, after: 6, indent: 0, lineGap: 1.6 };

function styleOf(block: GuidelineBlock): Style {
  switch (block.kind) {
    case "heading":
      return block.level === 2
        ? { ...bodyStyle, font: "Helvetica-Bold", size: 13, before: 9, after: 5 }
        : { ...bodyStyle, font: "Helvetica-Bold", size: 10.5, before: 5, after: 4 };
    case "recommendation":
      return { ...bodyStyle, indent: 26 };
    case "bullet":
      return { ...bodyStyle, indent: 12, after: 3.5 };
    case "paragraph":
      return bodyStyle;
    case "table":
      return { ...bodyStyle, size: 8.5, before: 4, after: 10, lineGap: 1 };
  }
}

/** A heading must not stand alone at a column's foot. */
function keepWithNext(
  document: PDFKit.PDFDocument,
  next: GuidelineBlock | undefined,
  block: GuidelineBlock,
  width: number,
): number {
  if (block.kind !== "heading" || next === undefined) return 0;
  return Math.min(blockHeight(document, next, width), 160);
}

function blockHeight(document: PDFKit.PDFDocument, block: GuidelineBlock, width: number): number {
  const style = styleOf(block);
  if (block.kind === "table") return tableHeight(document, block, width) + style.before + style.after;
  document.font(style.font).fontSize(style.size);
  const height = document.heightOfString(block.text, { width: width - style.indent, lineGap: style.lineGap });
  return height + style.before + style.after;
}

interface Place {
  left: number;
  width: number;
  y: number;
  atTop: boolean;
}

/** Draws a block and returns how far down it reached. */
function drawBlock(document: PDFKit.PDFDocument, block: GuidelineBlock, place: Place): number {
  const style = styleOf(block);
  const before = place.atTop ? 0 : style.before;
  const y = place.y + before;
  if (block.kind === "table") {
    drawTable(document, block, { ...place, y });
    return before + tableHeight(document, block, place.width) + style.after;
  }
  document
    .font(style.font)
    .fontSize(style.size)
    .fillColor(block.kind === "heading" ? accent : ink);
  const options = { width: place.width - style.indent, lineGap: style.lineGap };
  const height = document.heightOfString(block.text, options);
  if (block.kind === "bullet") document.text("•", place.left + 2, y, { lineBreak: false });
  if (block.kind === "recommendation") {
    document.font("Helvetica-Bold").fillColor(accent).text(block.number, place.left, y, { lineBreak: false });
    document.font(style.font).fillColor(ink);
  }
  document.text(block.text, place.left + style.indent, y, options);
  return before + height + style.after;
}

function writeHeadersAndFooters(document: PDFKit.PDFDocument, guideline: Guideline): void {
  const width = pageWidth - 2 * margin;
  const { count } = document.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    document.switchToPage(page);
    document.font("Helvetica").fontSize(8).fillColor("#51626b");
    document.text(guideline.title, margin, 38, { width, lineBreak: false });
    document.text(guideline.number, margin, 38, { width, align: "right", lineBreak: false });
    document
      .moveTo(margin, 52)
      .lineTo(margin + width, 52)
      .lineWidth(0.5)
      .strokeColor(rule)
      .stroke();
    document.text(sampleMark, margin, pageHeight - 42, { width, lineBreak: false });
    document.text(`Page ${page + 1} of ${count}`, margin, pageHeight - 42, { width, align: "right", lineBreak: false });
  }
}
