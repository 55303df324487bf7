import { getDocumentProxy, getResolvedPDFJS } from "unpdf";
import { compose } from "./compose.ts";
import { linesInOrder } from "./reading-order.ts";
import { withoutRunningRows } from "./running-lines.ts";
import type { Fragment, PageFragments, PdfAnswer } from "./types.ts";

/** A PDF with more pages is refused. */
export const pageLimit = 2000;
/** A page with more pieces of text is a drawing, or hostile. */
const fragmentLimit = 60_000;

type Proxy = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Proxy["getPage"]>>;

/**
 * Reads a PDF's text with its places. Runs in a process of its own: PDF files are programs. Nothing in the file is
 * executed, no picture is decoded, nothing is fetched.
 */
export async function extract(bytes: Uint8Array): Promise<PdfAnswer> {
  let pdf: Proxy;
  try {
    pdf = await getDocumentProxy(bytes, { ...safeOptions, verbosity: 0 });
  } catch (error) {
    return openingFailure(error as Error);
  }
  try {
    return await read(pdf);
  } catch (error) {
    return { kind: "failure", code: "malformed", reason: `the PDF cannot be read: ${messageOf(error)}` };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

/** No evaluation of functions in the file, no fonts installed from it, no picture larger than a point decoded. */
const safeOptions = {
  isEvalSupported: false,
  disableFontFace: true,
  useSystemFonts: false,
  maxImageSize: 1,
  disableAutoFetch: true,
  disableStream: true,
  stopAtErrors: false,
  enableXfa: false,
};

function openingFailure(error: Error): PdfAnswer {
  if (error.name === "PasswordException") {
    return { kind: "failure", code: "encrypted", reason: "the PDF needs a password" };
  }
  return { kind: "failure", code: "malformed", reason: `the file is not a sound PDF: ${messageOf(error)}` };
}

function messageOf(error: unknown): string {
  return String((error as Error)?.message ?? error).slice(0, 200);
}

async function read(pdf: Proxy): Promise<PdfAnswer> {
  if (pdf.numPages > pageLimit) {
    return { kind: "failure", code: "too_large", reason: `the PDF has ${pdf.numPages} pages, more than ${pageLimit}` };
  }
  const { Util } = await getResolvedPDFJS();
  const bold = new Map<string, boolean>();
  const pages: PageFragments[] = [];
  const broken: number[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    try {
      const page = await pdf.getPage(number);
      pages.push(await readPage(page, number, bold, Util.transform));
      page.cleanup();
    } catch (error) {
      if (pdf.numPages === 1) throw error;
      broken.push(number);
    }
  }
  if (broken.length > 0) {
    const which = broken.slice(0, 20).join(", ");
    return { kind: "failure", code: "malformed", reason: `page ${which} of ${pdf.numPages} cannot be read` };
  }
  const { largestText, ...composed } = compose(
    withoutRunningRows(pages).map(({ fragments, ...page }) => ({ ...page, lines: linesInOrder(fragments) })),
  );
  if (composed.text === "") {
    const which = pages.length === 1 ? "its one page holds no" : `none of its ${pages.length} pages holds`;
    return { kind: "failure", code: "no_text", reason: `${which} text; a scanned PDF has to be recognised first` };
  }
  const information = await informationOf(pdf);
  // A drug label's PDF begins with the same words as every other; its drug is named below them.
  const drug = /^highlights of prescribing/i.test(largestText)
    ? /needed to use ([\p{L}\d][^.]{1,80}?)\s+safely/u.exec(composed.text)?.[1]
    : undefined;
  const title = titleFrom(information.Title ?? "", drug ? `${drug}: prescribing information` : largestText);
  return { kind: "reading", reading: { ...composed, title, information } };
}

type Transform = (one: number[], other: number[]) => number[];

async function readPage(
  page: Page,
  number: number,
  bold: Map<string, boolean>,
  transform: Transform,
): Promise<PageFragments> {
  const viewport = page.getViewport({ scale: 1 });
  const content = await page.getTextContent({ includeMarkedContent: false });
  if (content.items.length > fragmentLimit) throw new Error(`it holds more than ${fragmentLimit} pieces of text`);
  const fragments: Fragment[] = [];
  const items = content.items.filter((item): item is Extract<typeof item, { str: string }> => "str" in item);
  await learnFonts(page, new Set(items.map((item) => item.fontName)), bold);
  for (const item of items) {
    if (item.str.trim() === "") continue;
    const [a = 0, b = 0, c = 0, d = 0, x = 0, baseline = 0] = transform(viewport.transform, item.transform);
    const size = Math.hypot(c, d);
    // Text that runs up or down the page is a margin note or a watermark.
    if (!Number.isFinite(x + baseline + size + item.width) || size < 1 || Math.abs(b) > Math.abs(a) * 0.2 || a <= 0)
      continue;
    if (x + item.width < 0 || x > viewport.width || baseline < 0 || baseline - size > viewport.height) continue;
    const ascent = content.styles[item.fontName]?.ascent;
    const rise = size * (ascent && ascent > 0.4 && ascent < 1.2 ? ascent : 0.8);
    const isBold = bold.get(item.fontName) ?? false;
    fragments.push({
      text: item.str,
      x,
      y: baseline - rise,
      width: item.width,
      height: size * 1.1,
      baseline,
      size,
      bold: isBold,
    });
  }
  return { page: number, width: viewport.width, height: viewport.height, fragments };
}

/** Font names say what is bold; pdf.js hands them out only with a page's drawing operations. */
async function learnFonts(page: Page, names: ReadonlySet<string>, bold: Map<string, boolean>): Promise<void> {
  const unknown = [...names].filter((name) => !bold.has(name));
  if (unknown.length === 0) return;
  try {
    await page.getOperatorList();
  } catch {
    // A drawing that cannot be read costs the weight of its fonts, not its text.
  }
  for (const name of unknown) {
    const font = page.commonObjs.has(name) ? (page.commonObjs.get(name) as { name?: string; bold?: boolean }) : null;
    bold.set(name, font?.bold === true || /bold|black|heavy|semibold|demi/i.test(font?.name ?? ""));
  }
}

async function informationOf(pdf: Proxy): Promise<Record<string, string>> {
  const { info } = await pdf.getMetadata();
  const fields = Object.entries(info as Record<string, unknown>);
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === "string" && field[1] !== ""),
  );
}

/** The title the file declares, unless it is what a program left there. */
function titleFrom(declared: string, largestText: string): string {
  const title = declared.replace(/\s+/g, " ").trim();
  const isSensible =
    title.length >= 8 &&
    /\p{L}{3,}[^\p{L}]+\p{L}{2,}/u.test(title) &&
    !/^(?:microsoft word|untitled|slide|powerpoint|document\d*)\b|\.(?:docx?|indd|pdf|qxd|tex|pptx?)$/i.test(title);
  return isSensible ? title : largestText || title;
}
