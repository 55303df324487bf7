import type { getDocumentProxy } from "unpdf";
import type { Fragment, PageFragments } from "./types.ts";

/** A page with more pieces of text is a drawing, or hostile. */
const fragmentLimit = 60_000;

export type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Pdf["getPage"]>>;

type Transform = (one: number[], other: number[]) => number[];

/** The text a page holds, with its places. @param bold what earlier pages showed of their fonts, by name */
export async function readPage(
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
