import type { DocumentSection } from "#lib/domain.ts";

/**
 * Finds near-identical texts by MinHash (Broder, "On the resemblance and containment of documents", 1997): texts are
 * sets of runs of five words, and the share of equal values of two signatures estimates their Jaccard similarity.
 * Stored signatures are comparable only with those of the same words, seeds and exclusions: a change of any needs
 * all of them made anew.
 */
export const signatureLength = 128;

/**
 * Texts at least so alike are taken for one text, packaged anew; estimates err by about .03 there. A repackager's
 * copy of an earlier revision is about .97 alike, the same label with all its doses doubled about .82.
 */
export const nearIdentical = 0.9;

const wordsPerShingle = 5;
const rowsPerBand = 4;
const leastWords = 50;
// A run with a number counts four times: another dose is another text, however few words it takes.
const weightOfNumbers = 4;

/** What a repackager writes anew although nothing of the medicine differs. */
const packaging =
  /package label|principal display panel|how supplied|storage and handling|recent major changes|product data elements|package information/i;

/**
 * The signature of a text: 128 signed 32-bit integers; null for a text of under 50 words, which says too little to be
 * judged. Upper case, punctuation and the sections that describe the package do not count, numbers do.
 */
export function signatureOf(text: string, sections: readonly DocumentSection[] = []): Int32Array | null {
  const words = wordHashes(withoutPackaging(text, sections));
  if (words.length < leastWords) return null;
  const signature = new Int32Array(signatureLength).fill(0x7fffffff);
  for (let start = 0; start + wordsPerShingle <= words.length; start++) {
    let shingle = 0;
    let hasNumber = false;
    for (let index = start; index < start + wordsPerShingle; index++) {
      const word = words[index] as Word;
      shingle = Math.imul(shingle, 0x01000193) ^ word.hash;
      hasNumber ||= word.isNumber;
    }
    for (let copy = 0; copy < (hasNumber ? weightOfNumbers : 1); copy++) {
      take(signature, mix(shingle + Math.imul(copy, 0x9e3779b9)));
    }
  }
  return signature;
}

/**
 * 32 signed 64-bit keys, one for four rows each: texts that share a key may be alike. Practically all pairs .9 alike
 * share one, of those .3 alike about one pair in four, which `similarity` then tells apart.
 */
export function bands(signature: Int32Array): bigint[] {
  const keys: bigint[] = [];
  for (let start = 0; start < signature.length; start += rowsPerBand) {
    let high = start;
    let low = ~start;
    for (let row = start; row < start + rowsPerBand; row++) {
      high = mix(Math.imul(high, 31) ^ (signature[row] as number));
      low = mix(Math.imul(low, 37) + (signature[row] as number));
    }
    keys.push((BigInt(high) << 32n) | BigInt(low >>> 0));
  }
  return keys;
}

/** The estimated Jaccard similarity of two texts, 0 to 1, from their signatures. */
export function similarity(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== signatureLength || other.length !== signatureLength) {
    throw new RangeError(`signatures have ${signatureLength} values, these ${one.length} and ${other.length}`);
  }
  let equal = 0;
  for (let row = 0; row < signatureLength; row++) if (one[row] === other[row]) equal++;
  return equal / signatureLength;
}

/**
 * Whether two labels' metadata allow them to be one medicine: the same active moieties (or, where either has none,
 * substances) and the same form, as far as both say. Likeness of text alone would join two medicines of one class.
 */
export function mayBeSameMedicine(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const agree = (field: string, isSame: (left: string[], right: string[]) => boolean): boolean | null => {
    const [left, right] = [namesOf(one[field]), namesOf(other[field])];
    return left.length === 0 || right.length === 0 ? null : isSame(left, right);
  };
  const substances = agree("activeMoieties", areEqual) ?? agree("substances", areSalts);
  return substances !== false && agree("dosageForm", areEqual) !== false;
}

function namesOf(value: unknown): string[] {
  const names = Array.isArray(value) ? value : [value];
  const texts = names.filter((name) => typeof name === "string" && name.trim() !== "") as string[];
  return [...new Set(texts.map((name) => name.trim().toLowerCase()))].sort();
}

function areEqual(left: string[], right: string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}

/** "atorvastatin calcium" and "atorvastatin calcium trihydrate": names of one substance as different salts. */
function areSalts(left: string[], right: string[]): boolean {
  const isSalt = (name: string, base: string) => name === base || name.startsWith(`${base} `);
  return (
    left.length === right.length &&
    left.every((name, index) => isSalt(name, right[index] as string) || isSalt(right[index] as string, name))
  );
}

type Word = { hash: number; isNumber: boolean };

function withoutPackaging(text: string, sections: readonly DocumentSection[]): string {
  const parts: string[] = [];
  let end = 0;
  for (const section of sections) {
    if (![section.label, ...section.path].some((heading) => packaging.test(heading))) continue;
    parts.push(text.slice(end, section.start));
    end = Math.max(end, section.end);
  }
  parts.push(text.slice(end));
  return parts.join("\n");
}

/** FNV-1a of every word; "0.5", "1,000" and "5/10" are one word each. */
function wordHashes(text: string): Word[] {
  const words: Word[] = [];
  for (const [word] of text
    .normalize("NFKC")
    .toLowerCase()
    .matchAll(/[\p{L}\p{M}\p{N}]+(?:[.,/]\p{N}+)*/gu)) {
    let hash = 0x811c9dc5;
    for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
    words.push({ hash: mix(hash), isNumber: /\p{N}/u.test(word) });
  }
  return words;
}

/** Keeps in each row the least value that its own function gives to any shingle. */
function take(signature: Int32Array, shingle: number): void {
  for (let row = 0; row < signatureLength; row++) {
    const value = mix(shingle ^ (seeds[row] as number));
    if (value < (signature[row] as number)) signature[row] = value;
  }
}

/** The last step of MurmurHash3: every bit of the input changes every bit of the result with even chance. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const seeds = Int32Array.from({ length: signatureLength }, (_, row) => mix(Math.imul(row + 1, 0x9e3779b9)));
