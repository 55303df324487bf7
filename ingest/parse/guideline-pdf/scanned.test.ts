import { createCanvas } from "@napi-rs/canvas";
import PDFDocument from "pdfkit";
import { expect, test } from "vitest";
import type { ParsedDocument } from "../../types.ts";
import { documentsOf, failuresOf, inputOf, readAll } from "../test-input.ts";
import { parse } from "./index.ts";
import { PdfReader } from "./reader.ts";

type Pdf = PDFKit.PDFDocument;

async function drawn(draw: (pdf: Pdf) => void): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: "A4", margin: 0 });
  const parts: Buffer[] = [];
  const bytes = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on("data", (part: Buffer) => parts.push(part));
    pdf.on("end", () => resolve(new Uint8Array(Buffer.concat(parts))));
    pdf.on("error", reject);
  });
  draw(pdf);
  pdf.end();
  return bytes;
}

interface Printed {
  text: string;
  /** Left edge and baseline, in points from the page's top left. */
  x: number;
  y: number;
  size?: number;
}

/** A page as a scanner gives it: lines of print in one picture, 150 dots an inch. */
function scan(pdf: Pdf, lines: readonly Printed[], top = 0, height = 842): void {
  const scale = 150 / 72;
  const canvas = createCanvas(Math.round(595 * scale), Math.round(height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fdfcf8";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#1c1c1c";
  for (const { text, x, y, size = 11 } of lines) {
    context.font = `${size * scale}px sans-serif`;
    context.fillText(text, x * scale, y * scale);
  }
  pdf.image(canvas.toBuffer("image/png"), 0, top, { width: 595, height });
}

const linesOf = (texts: readonly string[], x: number, y: number): Printed[] =>
  texts.map((text, index) => ({ text, x, y: y + index * 15 }));

async function documentOf(bytes: Uint8Array): Promise<ParsedDocument> {
  const records = await readAll(parse, inputOf(bytes, { chunkSize: 65_536 }));
  expect(failuresOf(records)).toEqual([]);
  return documentsOf(records)[0] as ParsedDocument;
}

test("a scanned page is recognised: words, their places, its mark and confidence", async () => {
  const texts = [
    "Give every adult with a raised blood pres-",
    "sure one tablet a day, and measure the",
    "pressure again after four weeks.",
  ];
  const document = await documentOf(await drawn((pdf) => scan(pdf, linesOf(texts, 60, 100))));
  expect(document.text).toBe(
    "Give every adult with a raised blood pressure one tablet a day, and measure the pressure again after four weeks.",
  );
  expect(document.ocr).toEqual([{ page: 1, confidence: expect.closeTo(0.93, 1) }]);
  expect(document.metadata).toMatchObject({ pagesRecognised: document.ocr });
  expect(document.metadata).not.toHaveProperty("pagesWithoutText");
  expect(document.pages).toMatchObject([{ page: 1, width: expect.closeTo(595, 0) }]);
  expect(document.boxes.map(({ start, end }) => document.text.slice(start, end))).toEqual([
    "Give every adult with a raised blood pres",
    texts[1],
    texts[2],
  ]);
  for (const [index, box] of document.boxes.entries()) {
    expect(Math.abs(box.x - 60)).toBeLessThan(3);
    expect(Math.abs(box.y + box.height - (100 + index * 15))).toBeLessThan(4);
    expect(box.height).toBeLessThan(14);
    expect(box.width).toBeGreaterThan(140);
  }
});

test("two scanned columns are read one after the other", async () => {
  const side = (name: string) =>
    Array.from(
      { length: 9 },
      (_, index) => `${index === 0 ? name : "and"} line ${index + 1} is about one and the same thing`,
    );
  const [left, right] = [side("The left"), side("The right")];
  const bytes = await drawn((pdf) => scan(pdf, [...linesOf(left, 40, 90), ...linesOf(right, 315, 90)]));
  expect((await documentOf(bytes)).text).toBe([left, right].map((lines) => lines.join(" ")).join("\n\n"));
});

test("among text pages only the scanned and the stamped one are recognised; blank and unreadable ones are named", async () => {
  const document = await documentOf(
    await drawn((pdf) => {
      pdf.fontSize(11).text("The first page is text and says so in a sentence that is long enough.", 60, 100);
      pdf.addPage({ size: "A4", margin: 0 });
      scan(pdf, linesOf(["The second page is a picture of text.", "Its words have to be recognised."], 60, 100));
      pdf.fontSize(8).text("Copy 7", 500, 20);
      pdf.addPage({ size: "A4", margin: 0 });
      pdf.addPage({ size: "A4", margin: 0 });
      pdf.fontSize(11).text("A short page of text.", 60, 100);
    }),
  );
  expect(document.ocr.map(({ page }) => page)).toEqual([2]);
  expect(document.metadata).toMatchObject({ pages: 4, pagesWithoutText: [3] });
  expect(document.metadata).not.toHaveProperty("pagesNotRecognised");
  expect(document.text).toContain("The second page is a picture of text. Its words have to be recognised.");
  expect(document.text).toMatch(/^The first page is text[\s\S]+A short page of text\.$/);
  expect([...new Set(document.boxes.map(({ page }) => page))]).toEqual([1, 2, 4]);
});

test("a document of pictures without words stays without text, and says why", async () => {
  const bytes = await drawn((pdf) => {
    for (let index = 0; index < 40; index += 1) pdf.circle(60 + index * 12, 300 + (index % 5) * 30, 20).stroke();
  });
  expect(failuresOf(await readAll(parse, inputOf(bytes, { chunkSize: 65_536 })))).toMatchObject([
    { code: "no_text", reason: expect.stringMatching(/page 1: /) },
  ]);
});

test("a process that needs more memory than it may have is ended, whatever holds it", async () => {
  const limits = { timeLimitMs: 60_000, pageTimeLimitMs: 60_000, recognitionTimeLimitMs: 60_000, idleMs: 100 };
  const picture = await drawn((pdf) => scan(pdf, linesOf(["A page that is a picture of text."], 60, 100)));
  const reader = new PdfReader({ ...limits, heapLimitMb: 512, memoryLimitMb: 40 });
  await expect(reader.read(picture)).rejects.toMatchObject({
    code: "too_large",
    message: expect.stringContaining("40 MiB of memory"),
  });
  reader.close();
});

test("a page with sides of two hundred inches and pictures too large to decode is read in bounds", async () => {
  const bytes = await drawn((pdf) => {
    pdf.addPage({ size: [14_400, 14_400], margin: 0 });
    pdf.rect(100, 100, 9000, 5000).fill("#888888");
    const canvas = createCanvas(7000, 7000);
    pdf.image(canvas.toBuffer("image/jpeg"), 0, 0, { width: 14_400, height: 14_400 });
  });
  expect(failuresOf(await readAll(parse, inputOf(bytes, { chunkSize: 65_536 })))).toMatchObject([{ code: "no_text" }]);
});

test("a page the recogniser chokes on costs that page; a document of such pages fails in bounded time", async () => {
  const reader = new PdfReader({
    timeLimitMs: 60_000,
    pageTimeLimitMs: 1,
    recognitionTimeLimitMs: 60_000,
    heapLimitMb: 512,
    memoryLimitMb: 640,
    idleMs: 100,
  });
  const mixed = await drawn((pdf) => {
    pdf.fontSize(11).text("The first page is text and says so in a sentence that is long enough.", 60, 100);
    for (let page = 2; page <= 6; page += 1) {
      pdf.addPage({ size: "A4", margin: 0 });
      scan(pdf, linesOf([`Page ${page} is never recognised.`], 60, 100));
    }
  });
  const reading = await reader.read(mixed);
  expect(reading.pagesWithoutText).toEqual([2, 3, 4, 5, 6]);
  expect(reading.unread.map(({ reason }) => reason)).toEqual([
    ...Array(3).fill("it took longer than 0.001 s"),
    ...Array(2).fill("pages before it could not be recognised"),
  ]);
  expect(reading.ocr).toEqual([]);
  reader.close();
});
