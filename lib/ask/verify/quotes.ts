/** Where a quote stands in a text: UTF-16 offsets, end exclusive. */
export interface QuotePlace {
  start: number;
  end: number;
}

const variants: Record<string, string> = {
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "–": "-",
  "—": "-",
  "−": "-",
  "‑": "-",
};

/**
 * Finds a quote in a text, character for character after folding white space and case (and the typographic forms of
 * quotation marks and dashes, which models do not keep). Returns the place in the unfolded text. A place that would
 * cut a word or a number is none: "5 mg" does not stand in "2.5 mg", nor "by 5" in "by 5%".
 */
export function findQuote(text: string, quote: string): QuotePlace | null {
  const needle = fold(quote.trim()).folded;
  if (needle.length === 0) return null;
  const { folded, offsets } = fold(text);
  for (let at = folded.indexOf(needle); at !== -1; at = folded.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    if (cutsAtStart(folded, at) || cutsAtEnd(folded, end)) continue;
    return { start: offsets[at] as number, end: (offsets[end - 1] as number) + 1 };
  }
  return null;
}

function cutsAtStart(folded: string, at: number): boolean {
  const before = folded.slice(Math.max(0, at - 5), at);
  const first = folded.slice(at, at + 4);
  if (/^[\p{L}\p{N}]/u.test(first) && /[\p{L}\p{N}]$/u.test(before)) return true;
  if (!/^\d/.test(first)) return false;
  // The tail of a decimal, a grouped number or a range, or what a comparison is about; "patients.5" is a footnote.
  if (/(?:^|[^\p{L}])[.,·]$|\d ?-+ ?$|\d\/$|[<>≤≥±≈] ?$/u.test(before)) return true;
  return /(?:^|\D)\d{1,3} $/.test(before) && /^\d{3}(?!\d)/.test(first);
}

function cutsAtEnd(folded: string, end: number): boolean {
  const last = folded.slice(end - 1, end);
  const after = folded.slice(end, end + 5);
  if (/[\p{L}\p{N}]/u.test(last) && /^[\p{L}\p{N}]/u.test(after)) return true;
  return /\d/.test(last) && /^(?:[.,·/]\d| ?-+ ?\d| ?[%‰]| \d{3}(?!\d))/.test(after);
}

// One folded character for each kept character, so that every folded position knows where it came from.
function fold(text: string): { folded: string; offsets: number[] } {
  let folded = "";
  const offsets: number[] = [];
  let inSpace = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (/\s/.test(character)) {
      if (!inSpace) {
        folded += " ";
        offsets.push(index);
      }
      inSpace = true;
      continue;
    }
    inSpace = false;
    const lower = character.toLowerCase();
    folded += variants[character] ?? (lower.length === 1 ? lower : character);
    offsets.push(index);
  }
  return { folded, offsets };
}
