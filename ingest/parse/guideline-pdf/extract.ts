import { readFile } from "node:fs/promises";
import { getDocumentProxy, getResolvedPDFJS } from "unpdf";
import { compose } from "./compose.ts";
import { type Pdf, readPage } from "./page-text.ts";
import { linesInOrder } from "./reading-order.ts";
import { withoutRunningRows } from "./running-lines.ts";
import type { Failure, PageFragments, ReadAnswer, ReadRequest, Recognition, ScannedPage } from "./types.ts";

/** A PDF with more pages is refused. */
export const pageLimit = 2000;
/** A page with fewer characters of its own may be a scan with a stamp on it. */
const strayCharacters = 40;

/**
 * Reads a PDF's text with its places. Runs in a process of its own: PDF files are programs. Nothing in the file is
 * executed, no picture is decoded, nothing is fetched. Asked without a recognition it may name the pages to recognise.
 */
export async function extract({ path, recognition }: ReadRequest): Promise<ReadAnswer> {
  let pdf: Pdf;
  try {
    pdf = await getDocumentProxy(new Uint8Array(await readFile(path)), { ...safeOptions, verbosity: 0 });
  } catch (error) {
    return openingFailure(error as Error);
  }
  try {
    return await read(pdf, recognition);
  } catch (error) {
    return { kind: "failure", code: "malformed", reason: messageOf(error) };
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

function openingFailure(error: Error): Failure {
  if (error.name === "PasswordException") {
    return { kind: "failure", code: "encrypted", reason: "it needs a password" };
  }
  return { kind: "failure", code: "malformed", reason: messageOf(error) };
}

function messageOf(error: unknown): string {
  return String((error as Error)?.message ?? error).slice(0, 200);
}

async function read(pdf: Pdf, recognition: Recognition | null): Promise<ReadAnswer> {
  if (pdf.numPages > pageLimit) {
    return { kind: "failure", code: "too_large", reason: `it has ${pdf.numPages} pages, more than ${pageLimit}` };
  }
  const { pages, broken } = await readPages(pdf);
  if (broken.length > 0) {
    const which = broken.slice(0, 20).join(", ");
    return { kind: "failure", code: "malformed", reason: `page ${which} of ${pdf.numPages}` };
  }
  const scanned = scannedPages(pages);
  if (!recognition && scanned.length > 0) return { kind: "scanned", pages: scanned };
  const { recognised, unread } = recognition ?? { recognised: [], unread: [] };
  const words = new Map(recognised.map((page) => [page.page, page.fragments]));
  const whole = pages.map((page) => ({ ...page, fragments: words.get(page.page) ?? page.fragments }));
  const { largestText, ...composed } = compose(
    withoutRunningRows(whole).map(({ fragments, ...page }) => ({ ...page, lines: linesInOrder(fragments) })),
  );
  if (composed.text === "") {
    const which = pages.length === 1 ? "its one page holds no" : `none of its ${pages.length} pages holds`;
    const why = unread[0] ? ` (page ${unread[0].page}: ${unread[0].reason})` : "";
    return { kind: "failure", code: "no_text", reason: `${which} text, nor any that could be recognised${why}` };
  }
  const information = await informationOf(pdf);
  // A drug label's PDF begins with the same words as every other; its drug is named below them.
  const drug = /^highlights of prescribing/i.test(largestText)
    ? /needed to use ([\p{L}\d][^.]{1,80}?)\s+safely/u.exec(composed.text)?.[1]
    : undefined;
  const title = titleFrom(information.Title ?? "", drug ? `${drug}: prescribing information` : largestText);
  const pagesWithoutText = [...new Set([...composed.pagesWithoutText, ...unread.map(({ page }) => page)])];
  const reading = {
    ...composed,
    title,
    information,
    ocr: recognised.map(({ page, confidence }) => ({ page, confidence })),
    pagesWithoutText: pagesWithoutText.toSorted((one, other) => one - other),
    unread,
  };
  return { kind: "reading", reading };
}

async function readPages(pdf: Pdf): Promise<{ pages: PageFragments[]; broken: number[] }> {
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
  return { pages, broken };
}

function scannedPages(pages: readonly PageFragments[]): ScannedPage[] {
  return pages
    .map(({ page, fragments }) => {
      return { page, characters: fragments.reduce((sum, { text }) => sum + text.replace(/\s/g, "").length, 0) };
    })
    .filter(({ characters }) => characters < strayCharacters);
}

async function informationOf(pdf: Pdf): Promise<Record<string, string>> {
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
