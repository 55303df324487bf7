/**
 * Where a link's quote stands in the document as it is now.
 * `exact`: at the link's offsets; `moved`: elsewhere, word for word; `missing`: nowhere, so nothing may be marked.
 * Offsets are UTF-16 code units into the document's text, end exclusive.
 */
export type QuotePlace =
  | { kind: "none" }
  | { kind: "exact" | "moved"; start: number; end: number }
  | { kind: "missing" };

export interface QuoteLink {
  start: number | null;
  end: number | null;
  /** The quote's words, or their beginning; whitespace and case do not count. */
  quote: string | null;
}

export function readQuoteLink(query: Record<string, string | string[] | undefined>): QuoteLink {
  return { start: offset(query.start), end: offset(query.end), quote: single(query.quote)?.trim() || null };
}

export function locateQuote(text: string, link: QuoteLink): QuotePlace {
  const { start, end, quote } = link;
  const inRange = start !== null && end !== null && start < end && end <= text.length;
  if (inRange && (quote === null || foldedText(text.slice(start, end)).text.startsWith(foldedText(quote).text))) {
    return { kind: "exact", start, end };
  }
  if (quote === null) return start === null && end === null ? { kind: "none" } : { kind: "missing" };
  return find(text, quote) ?? { kind: "missing" };
}

function find(text: string, quote: string): QuotePlace | null {
  const needle = foldedText(quote).text;
  if (needle.length === 0) return null;
  const folded = foldedText(text);
  const at = folded.text.indexOf(needle);
  if (at === -1) return null;
  const start = folded.offsets[at];
  const last = folded.offsets[at + needle.length - 1];
  return start === undefined || last === undefined ? null : { kind: "moved", start, end: last + 1 };
}

/** Runs of whitespace as one space, lower case; `offsets[i]` is where the i-th character stood. */
function foldedText(text: string): { text: string; offsets: number[] } {
  let folded = "";
  const offsets: number[] = [];
  let afterSpace = true;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const isSpace = /\s/.test(character);
    if (isSpace && afterSpace) continue;
    afterSpace = isSpace;
    // Lower case may be longer than one unit (İ); such a letter is kept so that offsets stay true.
    const lower = character.toLowerCase();
    folded += isSpace ? " " : lower.length === 1 ? lower : character;
    offsets.push(index);
  }
  return { text: folded.trimEnd(), offsets };
}

function single(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function offset(value: string | string[] | undefined): number | null {
  const text = single(value);
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
