export interface Abbreviation {
  /** As the text writes it, without a plural s: `HFrEF`. */
  short: string;
  long: string;
}

const bracketed = /\(([^()\n]{2,80})\)/g;
const sentenceEnd = /[.;:?!]\s+(?=\p{Lu})|\n/gu;

/**
 * The abbreviations that a text spells out, "heart failure (HF)" or "HF (heart failure)", each once, by the algorithm of
 * Schwartz & Hearst 2003 ("A simple algorithm for identifying abbreviation definitions in biomedical text"): from its
 * end, every character of the short form is sought in the words before the bracket; its first begins a word.
 */
export function abbreviationsIn(text: string, limit: number): Abbreviation[] {
  const found = new Map<string, Abbreviation>();
  for (const match of text.matchAll(bracketed)) {
    const inside = (match[1] as string).split(/[;,]\s/)[0]?.trim() ?? "";
    const before = clauseBefore(text, match.index);
    const pair = isShortForm(inside) ? defined(inside, before) : reversed(inside, before);
    if (pair) found.set(pair.short, found.get(pair.short) ?? pair);
    if (found.size >= limit) break;
  }
  return [...found.values()];
}

/** The text of the same sentence before a bracket, as far as a long form can reach. */
function clauseBefore(text: string, at: number): string {
  const stretch = text.slice(Math.max(0, at - 200), at);
  const ends = [...stretch.matchAll(sentenceEnd)];
  const last = ends.at(-1);
  return (last ? stretch.slice(last.index + last[0].length) : stretch).trimEnd();
}

/** At most two words and ten characters, beginning with a letter or digit, two capitals or a capital and a digit. */
function isShortForm(text: string): boolean {
  if (text.length < 2 || text.length > 10 || !/^[\p{L}\p{N}]/u.test(text) || text.split(/\s+/).length > 2) return false;
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  return capitals >= 2 || (capitals === 1 && /\d/.test(text) && /^\p{Lu}/u.test(text));
}

function defined(short: string, before: string): Abbreviation | null {
  const single = singular(short);
  const letters = single.length;
  const words = before.split(/\s+/).slice(-Math.min(letters + 5, letters * 2));
  const long = longForm(single, words.join(" "));
  return long === null ? null : { short: single, long };
}

/** "HF (heart failure)": the word before the bracket is the short form, and the bracket all of the long one. */
function reversed(inside: string, before: string): Abbreviation | null {
  const short = singular(/\S+$/.exec(before)?.[0].replace(/^["'“‘(]+/, "") ?? "");
  if (!isShortForm(short) || !/\s/.test(inside)) return null;
  const long = longForm(short, inside);
  return long === inside ? { short, long } : null;
}

function singular(short: string): string {
  return short.replace(/(?<=\p{Lu})s$/u, "");
}

/** The shortest run at the end of the candidate that holds the short form's characters in order; null when none does. */
function longForm(short: string, candidate: string): string | null {
  let at = candidate.length - 1;
  for (let character = short.length - 1; character >= 0; character -= 1) {
    const sought = (short[character] as string).toLowerCase();
    if (!/[\p{L}\p{N}]/u.test(sought)) continue;
    const mustBeginWord = character === 0;
    while (
      at >= 0 &&
      (candidate[at]?.toLowerCase() !== sought || (mustBeginWord && /[\p{L}\p{N}]/u.test(candidate[at - 1] ?? "")))
    ) {
      at -= 1;
    }
    if (at < 0) return null;
    at -= 1;
  }
  const long = candidate.slice(at + 1).replace(/^["'“‘([]+/, "");
  return isLongForm(short, long) ? long : null;
}

function isLongForm(short: string, long: string): boolean {
  const words = long.split(/[\s-]+/);
  if (
    long.length <= short.length + 2 ||
    /[()[\]]/.test(long) ||
    words.length > Math.min(short.length + 5, short.length * 2)
  )
    return false;
  // "the TNF-α pathway (TNF)" spells nothing out; nor does a run that ends in a function word.
  return (
    !words.some((word) => word.toLowerCase() === short.toLowerCase()) &&
    !/^(?:and|or|of|the|in|with|by|to|for)$/i.test(words.at(-1) ?? "")
  );
}
