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
 * quotation marks and dashes, which models do not keep). Returns the place in the unfolded text.
 */
export function findQuote(text: string, quote: string): QuotePlace | null {
  const needle = fold(quote.trim()).folded;
  if (needle.length === 0) return null;
  const { folded, offsets } = fold(text);
  const at = folded.indexOf(needle);
  if (at === -1) return null;
  const start = offsets[at] as number;
  const last = offsets[at + needle.length - 1] as number;
  return { start, end: last + 1 };
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
