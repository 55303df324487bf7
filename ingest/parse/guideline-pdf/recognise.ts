import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { createWorker, type Line, OEM, PSM, type Worker } from "tesseract.js";
import { openPdf, type Picture, pictureShare, renderPage } from "./render.ts";
import {
  type Fragment,
  nothingThere,
  type RecogniseAnswer,
  type RecognisedPage,
  type RecogniseRequest,
} from "./types.ts";

/** A page recognised with less confidence is a picture, a drawing or handwriting: no evidence. */
export const pageConfidenceLimit = 0.6;
/** A line recognised with less is a rule, a logo or dirt. */
const lineConfidenceLimit = 0.3;
/** A page with some text of its own is recognised where a picture covers this share of it. */
const pictureShareLimit = 0.5;

const language = dirname(createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json"));

let open: { path: string; pdf: PDFDocumentProxy } | null = null;
let recogniser: Promise<Worker> | null = null;

/** Renders a page and recognises its words. Runs in a process of its own, which may not outlive a page it chokes on. */
export async function recognise({ path, page: number, characters }: RecogniseRequest): Promise<RecogniseAnswer> {
  try {
    if (open?.path !== path) {
      await open?.pdf.loadingTask.destroy();
      open = { path, pdf: await openPdf(path) };
    }
    const page = await open.pdf.getPage(number);
    if (characters > 0 && (await pictureShare(page)) < pictureShareLimit) return { kind: "text" };
    const picture = await renderPage(page);
    page.cleanup();
    if (!picture) return { kind: "unread", reason: nothingThere };
    return judged(await wordsOf(picture, number), characters);
  } catch (error) {
    return {
      kind: "unread",
      reason: `it cannot be recognised: ${String((error as Error)?.message ?? error).slice(0, 200)}`,
    };
  }
}

function judged(page: RecognisedPage, characters: number): RecogniseAnswer {
  const recognised = page.fragments.reduce((sum, { text }) => sum + text.trim().length, 0);
  if (recognised === 0) return { kind: "unread", reason: "no words are recognised on it" };
  if (page.confidence < pageConfidenceLimit) {
    const reason = `recognised with confidence ${page.confidence}, below ${pageConfidenceLimit}`;
    return { kind: "unread", reason };
  }
  // A cover picture that adds nothing to the words printed on it.
  return recognised <= characters * 1.5 ? { kind: "text" } : { kind: "recognised", page };
}

/** English only, the one language whose data is installed; everything from disk, nothing kept. */
function openRecogniser(): Promise<Worker> {
  recogniser ??= (async () => {
    const worker = await createWorker("eng", OEM.LSTM_ONLY, {
      langPath: join(language, "4.0.0_best_int"),
      gzip: true,
      cacheMethod: "none",
    });
    await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO, user_defined_dpi: "200" });
    return worker;
  })();
  return recogniser;
}

async function wordsOf(picture: Picture, number: number): Promise<RecognisedPage> {
  const worker = await openRecogniser();
  const { data } = await worker.recognize(grayMap(picture), {}, { blocks: true, text: false });
  const lines = (data.blocks ?? [])
    .flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines))
    .filter((line) => line.confidence >= lineConfidenceLimit * 100 && line.text.trim() !== "");
  const words = lines.flatMap((line) => line.words);
  const length = words.reduce((sum, word) => sum + word.text.length, 0);
  const confidence =
    words.reduce((sum, word) => sum + word.confidence * word.text.length, 0) / Math.max(length, 1) / 100;
  const usual = usualSize(lines);
  return {
    page: number,
    fragments: lines.flatMap((line) => fragmentsOf(line, usual, picture.scale)),
    confidence: Math.round(confidence * 1000) / 1000,
  };
}

/** Binary portable gray map (Netpbm P5), which the recogniser reads without decompression. */
function grayMap({ width, height, gray }: Picture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), gray]);
}

/** Ascender to descender is about .93 of what a font calls its size. */
const sizeOfRow = 1.08;

function usualSize(lines: readonly Line[]): number {
  const sizes = lines.flatMap((line) => line.words.map(() => line.rowAttributes.rowHeight)).toSorted((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

/** Measured sizes wander with the letters of a line: those near the page's usual one are that one. */
function fragmentsOf(line: Line, usual: number, scale: number): Fragment[] {
  const measured = line.rowAttributes.rowHeight;
  const row = Math.abs(measured - usual) <= usual * 0.18 ? usual : measured;
  const size = (row * sizeOfRow) / scale;
  // One baseline for all words, the line's in its middle: a page that lies askew keeps its lines.
  const baseline = (line.baseline.y0 + line.baseline.y1) / 2 / scale;
  return line.words
    .filter((word) => word.text.trim() !== "")
    .map(({ text, bbox }) => ({
      text: `${text} `,
      x: bbox.x0 / scale,
      y: bbox.y0 / scale,
      width: (bbox.x1 - bbox.x0) / scale,
      height: (bbox.y1 - bbox.y0) / scale,
      baseline,
      size,
      bold: false,
    }));
}
