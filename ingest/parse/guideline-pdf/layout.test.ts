import PDFDocument from "pdfkit";
import { expect, test } from "vitest";
import type { ParsedDocument } from "../../types.ts";
import { documentsOf, inputOf, readAll } from "../test-input.ts";
import { parse } from "./index.ts";

type Pdf = PDFKit.PDFDocument;

/** What drawing on A4 pages gives when it is read again; every box must lie on its page and hold its line's text. */
async function readDrawn(draw: (pdf: Pdf) => void): Promise<ParsedDocument> {
  const pdf = new PDFDocument({ size: "A4", margin: 0, compress: false });
  const parts: Buffer[] = [];
  const bytes = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on("data", (part: Buffer) => parts.push(part));
    pdf.on("end", () => resolve(new Uint8Array(Buffer.concat(parts))));
    pdf.on("error", reject);
  });
  draw(pdf);
  pdf.end();
  const [document] = documentsOf(await readAll(parse, inputOf(await bytes, { chunkSize: 65_536 })));
  if (!document) throw new Error("no document");
  expectBoxes(document);
  return document;
}

function expectBoxes({ boxes, pages, text }: ParsedDocument): void {
  let last = 0;
  for (const box of boxes) {
    const page = pages.find((one) => one.page === box.page);
    expect(box.start).toBeGreaterThanOrEqual(last);
    expect(text.slice(box.start, box.end)).toMatch(/\S/);
    expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual((page?.width ?? 0) + 0.01);
    expect(box.y + box.height).toBeLessThanOrEqual((page?.height ?? 0) + 0.01);
    last = box.end;
  }
  const visible = (part: string) => part.replace(/[\s|]/g, "");
  expect(visible(boxes.map(({ start, end }) => text.slice(start, end)).join(""))).toBe(visible(text));
}

const body = 9.5;

/** Paragraphs, `# ` headings, in one column from `y` down. */
function column(pdf: Pdf, x: number, y: number, width: number, blocks: readonly string[]): number {
  let at = y;
  for (const block of blocks) {
    const isHeading = block.startsWith("# ");
    pdf.font(isHeading ? "Helvetica-Bold" : "Helvetica").fontSize(isHeading ? 12 : body);
    pdf.text(block.replace(/^# /, ""), x, at, { width, lineGap: 1.5 });
    at = pdf.y + (isHeading ? 4 : 7);
  }
  return at;
}

function table(pdf: Pdf, x: number, y: number, widths: readonly number[], rows: readonly string[][], pad = 6): number {
  let at = y;
  for (const [index, row] of rows.entries()) {
    pdf.font(index === 0 ? "Helvetica-Bold" : "Helvetica").fontSize(8.5);
    let left = x;
    let bottom = at;
    for (const [cell, text] of row.entries()) {
      const width = widths[cell] ?? 0;
      if (text !== "") pdf.text(text, left, at, { width: width - 8 });
      bottom = Math.max(bottom, text === "" ? 0 : pdf.y);
      left += width;
    }
    at = bottom + pad;
  }
  return at;
}

/** A paragraph whose every sentence names its place, so that a mixed one shows. */
function prose(name: string, sentences: number): string {
  return Array.from(
    { length: sentences },
    (_, index) => `${name} sentence ${index + 1} tells the reader about one matter and leaves the others aside.`,
  ).join(" ");
}

const dose = [
  ["Drug", "Starting dose", "Highest dose in one day"],
  ["Alphapril", "5 mg once daily", "20 mg, or 10 mg when kidney function is poor"],
  ["Betalol", "", "400 mg in two doses"],
  ["Gammazide", "12.5 mg once daily", "25 mg"],
];
const doseLines = dose.map((row) => row.join(" | ").replace("|  |", "| |"));

test("two columns of prose with headings: the left one whole, then the right one", async () => {
  const left = ["# 1 First part", prose("Alpha", 6), prose("Beta", 4), "# 2 Second part", prose("Gamma", 6)];
  const right = [prose("Delta", 3), "# 3 Third part", prose("Epsilon", 9), "# 4 Fourth part", prose("Zeta", 2)];
  const document = await readDrawn((pdf) => {
    column(pdf, 50, 60, 235, left);
    column(pdf, 307, 60, 235, right);
  });
  const expected = [...left, ...right].map((block) => block.replace(/^# /, "")).join("\n\n");
  expect(document.text).toBe(expected);
  expect(document.sections.map(({ label }) => label)).toEqual([
    "1 First part",
    "2 Second part",
    "3 Third part",
    "4 Fourth part",
  ]);
});

test.each([12, 16, 30])("a gutter of %i points is kept where lines of both sides are level", async (gutter) => {
  const width = (495 - gutter) / 2;
  const [left, right] = [prose("Alpha", 12), prose("Beta", 12)];
  const document = await readDrawn((pdf) => {
    for (const [index, text] of [left, right].entries()) {
      pdf.fontSize(10).text(text, 50 + index * (width + gutter), 60, { width, align: "justify" });
    }
  });
  expect(document.text).toBe(`${left}\n\n${right}`);
});

test("a title above and a table below two columns stand before and after them", async () => {
  const title = "A guideline on a matter with a title as wide as the page";
  const blocks = [prose("Alpha", 5), prose("Beta", 5), prose("Gamma", 5), prose("Delta", 4)];
  const after = [prose("Epsilon", 5), prose("Zeta", 5)];
  const document = await readDrawn((pdf) => {
    pdf.font("Helvetica-Bold").fontSize(17).text(title, 50, 50, { width: 500 });
    const y = Math.max(column(pdf, 50, 90, 235, blocks.slice(0, 2)), column(pdf, 307, 90, 235, blocks.slice(2)));
    // The table's second column begins where the page's right one does.
    const below = table(pdf, 50, y + 10, [257, 110, 130], dose) + 10;
    column(pdf, 50, below, 235, after.slice(0, 1));
    column(pdf, 307, below, 235, after.slice(1));
  });
  expect(document.text).toBe([title, ...blocks, doseLines.join("\n"), ...after].join("\n\n"));
});

test("a table in one column keeps its rows and leaves the other column alone", async () => {
  const left = [prose("Alpha", 4), prose("Beta", 3)];
  const right = [prose("Gamma", 8), prose("Delta", 8)];
  const document = await readDrawn((pdf) => {
    const y = column(pdf, 50, 60, 235, left.slice(0, 1));
    const below = table(pdf, 50, y, [65, 75, 95], dose);
    column(pdf, 50, below, 235, left.slice(1));
    column(pdf, 307, 60, 235, right);
  });
  expect(document.text).toBe([left[0], doseLines.join("\n"), left[1], ...right].join("\n\n"));
});

test("three columns", async () => {
  const texts = ["Alpha", "Beta", "Gamma"].map((name) => [prose(name, 5), prose(`${name} two`, 4)]);
  const document = await readDrawn((pdf) => {
    for (const [index, blocks] of texts.entries()) column(pdf, 45 + index * 173, 60, 157, blocks);
  });
  expect(document.text).toBe(texts.flat().join("\n\n"));
});

test("one column with a table: rows stay rows, tight or wide", async () => {
  const tight = [
    ["Name", "Points", "Meaning"],
    ["Fever", "10", "Warm"],
    ["Cough", "20", "Loud"],
    ["Rash", "3", "Red"],
  ];
  const [before, between] = [prose("Alpha", 4), prose("Beta", 4)];
  const document = await readDrawn((pdf) => {
    let y = column(pdf, 60, 60, 475, [before]);
    y = table(pdf, 60, y, [160, 140, 170], dose, 8);
    y = column(pdf, 60, y, 475, [between]);
    table(pdf, 60, y, [100, 60, 60], tight, 0);
  });
  expect(document.text).toBe(
    [before, doseLines.join("\n"), between, tight.map((row) => row.join(" | ")).join("\n")].join("\n\n"),
  );
});

test("abbreviations and contents keep each label with its own line", async () => {
  const meanings = [
    ["CRE", "Office of Compliance, Risk Management, Ethics and other long matters"],
    ["CV", "cardiovascular"],
    ["HCW", "health care worker"],
    ["IQR", "interquartile range of all that was measured in the people who took part"],
    ["QOL", "quality of life"],
  ];
  const contents = Array.from({ length: 8 }, (_, index) => [
    `${index + 1}.1 A chapter about one matter that has a long name`,
    `${index * 3 + 7}`,
  ]);
  const document = await readDrawn((pdf) => {
    const y = table(pdf, 60, 60, [60, 420], meanings, 0);
    table(pdf, 60, y + 60, [440, 40], contents, 0);
  });
  const rows = (cells: string[][]) => cells.map((row) => row.join(" | ")).join("\n");
  expect(document.text).toBe(`${rows(meanings)}\n${rows(contents)}`);
});

test("a short last column is not mixed into the long one", async () => {
  const blocks = [prose("Alpha", 9), prose("Beta", 9), "Gamma is all that is left of this text for its last column."];
  const document = await readDrawn((pdf) => {
    column(pdf, 50, 60, 235, blocks.slice(0, 2));
    column(pdf, 307, 60, 235, blocks.slice(2));
  });
  expect(document.text).toBe(blocks.join("\n\n"));
});

test("numbered and bulleted items stand whole; a number at a line's start is no item", async () => {
  const items = [
    "Use Alphapril first, at a dose of no more than",
    "Do not use Betalol in anyone with asthma.",
    "Stop.",
  ];
  const document = await readDrawn((pdf) => {
    for (const [index, item] of items.entries()) {
      const y = 60 + index * 50;
      pdf
        .font("Helvetica-Bold")
        .fontSize(body)
        .text(`5.${index + 1}`, 50, y);
      pdf.font("Helvetica").text(item, 78, y, { lineBreak: false });
    }
    pdf.text("1.5 mg a day, and stop when the pressure falls.", 78, 60 + body * 1.25);
    pdf.text("•", 50, 220).text("A bullet that is one line.", 70, 220);
  });
  expect(document.text.split(/\n+/)).toEqual([
    "5.1 Use Alphapril first, at a dose of no more than 1.5 mg a day, and stop when the pressure falls.",
    "5.2 Do not use Betalol in anyone with asthma.",
    "5.3 Stop.",
    "• A bullet that is one line.",
  ]);
});

test("a word broken at a line's end is whole; a hyphen between two words stays", async () => {
  const lines = [
    "This recommendation is strong. It protects organs from",
    "harm. Another one, a conditional recommen-",
    "dation, covers organ-",
    "protecting drugs and non-",
    "steroidal ones for adults who can take them by mouth.",
  ];
  const document = await readDrawn((pdf) => {
    for (const [index, line] of lines.entries()) pdf.fontSize(10).text(line, 50, 60 + index * 13, { lineBreak: false });
  });
  expect(document.text).toBe(
    "This recommendation is strong. It protects organs from harm. Another one, a conditional recommendation, covers organ-protecting drugs and non-steroidal ones for adults who can take them by mouth.",
  );
});

test("running headers, footers and page numbers of two pages are left out, a dose in the margin is not", async () => {
  const texts = [prose("Alpha", 12), prose("Beta", 12)];
  const document = await readDrawn((pdf) => {
    for (const [index, text] of texts.entries()) {
      if (index > 0) pdf.addPage({ size: "A4", margin: 0 });
      pdf.font("Helvetica").fontSize(8).text("Name of the guideline", 50, 36, { lineBreak: false });
      pdf.text("GL-02", 500, 36, { lineBreak: false });
      pdf.text("For teaching only", 50, 800, { lineBreak: false });
      pdf.text(`Page ${index + 1} of 2`, 500, 800, { lineBreak: false });
      column(pdf, 50, 100, 480, [text]);
      pdf
        .fontSize(body)
        .text(index === 0 ? "The highest dose in milligrams a day is" : "Stop at", 50, 765, { lineBreak: false });
      pdf.text(index === 0 ? "30" : "45", 50, 777, { lineBreak: false });
    }
  });
  expect(document.text).toBe(
    [texts[0], "The highest dose in milligrams a day is 30", texts[1], "Stop at 45"].join("\n\n"),
  );
});

test("a heading over two lines is one heading and leaves the item below it alone", async () => {
  const document = await readDrawn((pdf) => {
    pdf
      .font("Helvetica-Bold")
      .fontSize(13)
      .text("5 Other treatment of people who live with a disease of the kidneys", 50, 60, { width: 235 });
    const y = pdf.y + 5;
    pdf.fontSize(body).text("5.1", 50, y);
    pdf.font("Helvetica").text(prose("Alpha", 3), 78, y, { width: 207 });
    column(pdf, 50, pdf.y + 8, 235, [prose("Beta", 6)]);
  });
  const heading = "5 Other treatment of people who live with a disease of the kidneys";
  expect(document.sections.map(({ label }) => label)).toEqual([heading]);
  expect(document.text).toBe([heading, `5.1 ${prose("Alpha", 3)}`, prose("Beta", 6)].join("\n\n"));
});
