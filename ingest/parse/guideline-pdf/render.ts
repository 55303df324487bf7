import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import {
  AnnotationMode,
  getDocument,
  OPS,
  type PDFDocumentProxy,
  type PDFPageProxy,
} from "pdfjs-dist/legacy/build/pdf.mjs";

/** A rendered page: gray, one byte a pixel, and how many pixels a point has become. */
export interface Picture {
  width: number;
  height: number;
  gray: Uint8Array;
  scale: number;
}

const dotsPerInch = 200;
/** A4 at 200 dots an inch has 3.9 million; a larger page is rendered coarser. */
const pixelLimit = 8_000_000;
/** A picture in the page with more pixels is left out: A4 at 600 dots an inch has 35 million. */
const imagePixelLimit = 40_000_000;

const folder = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));

export async function openPdf(path: string): Promise<PDFDocumentProxy> {
  return await getDocument({
    data: new Uint8Array(await readFile(path)),
    wasmUrl: join(folder, "wasm/"),
    standardFontDataUrl: join(folder, "standard_fonts/"),
    cMapUrl: join(folder, "cmaps/"),
    disableFontFace: true,
    useSystemFonts: false,
    isOffscreenCanvasSupported: false,
    maxImageSize: imagePixelLimit,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    verbosity: 0,
  }).promise;
}

/** The page as it looks, without its annotations; null when nothing stands on it. */
export async function renderPage(page: PDFPageProxy): Promise<Picture | null> {
  const { width, height } = page.getViewport({ scale: 1 });
  const scale = Math.min(dotsPerInch / 72, Math.sqrt(pixelLimit / (width * height)));
  const viewport = page.getViewport({ scale });
  const canvas = createCanvas(Math.max(1, Math.floor(viewport.width)), Math.max(1, Math.floor(viewport.height)));
  if (canvas.width * canvas.height > pixelLimit * 1.1) throw new Error("its sides are too unlike to be rendered");
  const target = canvas as unknown as HTMLCanvasElement;
  await page.render({ canvas: target, viewport, annotationMode: AnnotationMode.DISABLE }).promise;
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const gray = grayOf(pixels);
  return gray && { width: canvas.width, height: canvas.height, gray, scale };
}

/** Luma of ITU-R BT.601; null when all pixels are alike. */
function grayOf(pixels: Uint8ClampedArray): Uint8Array | null {
  const gray = new Uint8Array(pixels.length / 4);
  let low = 255;
  let high = 0;
  for (let from = 0, to = 0; to < gray.length; from += 4, to += 1) {
    const luma = ((pixels[from] ?? 0) * 77 + (pixels[from + 1] ?? 0) * 150 + (pixels[from + 2] ?? 0) * 29) >> 8;
    gray[to] = luma;
    if (luma < low) low = luma;
    if (luma > high) high = luma;
  }
  return high - low < 24 ? null : gray;
}

type Matrix = [number, number, number, number, number, number];

const imageOperators = new Set([
  OPS.paintImageXObject,
  OPS.paintInlineImageXObject,
  OPS.paintImageMaskXObject,
  OPS.paintSolidColorImageMask,
]);

/** How much of the page its largest picture covers, 0 to 1, by the area its unit square is drawn on. */
export async function pictureShare(page: PDFPageProxy): Promise<number> {
  const { fnArray, argsArray } = await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE });
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
  const area = Math.abs((right - left) * (top - bottom)) || 1;
  const stack: Matrix[] = [];
  let matrix: Matrix = [1, 0, 0, 1, 0, 0];
  let largest = 0;
  for (const [index, operator] of fnArray.entries()) {
    const given = argsArray[index] as unknown[] | null;
    if (operator === OPS.save || operator === OPS.paintFormXObjectBegin) stack.push(matrix);
    if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) matrix = stack.pop() ?? matrix;
    else if (operator === OPS.transform) matrix = product(matrix, numbersOf(given));
    else if (operator === OPS.paintFormXObjectBegin) matrix = product(matrix, numbersOf(given?.[0]));
    else if (imageOperators.has(operator as number)) {
      largest = Math.max(largest, Math.abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / area);
    }
  }
  return Math.min(1, largest);
}

function numbersOf(given: unknown): Matrix {
  const numbers = given && typeof given === "object" ? Array.from(given as ArrayLike<number>) : [];
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = numbers;
  return [a, b, c, d, e, f];
}

function product([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}
