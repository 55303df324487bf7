import { companyOf, type Database, type LookedUp } from "#db/index.ts";
import { stem, stemsOf } from "../words.ts";
import { abbreviationTable, ambiguous } from "./abbreviation-table.ts";
import type { Reading, Word } from "./types.ts";

/**
 * An abbreviation that documents write themselves finds them as it is, and expanding it was measured to hurt: it is read
 * only when its chunks are at most this share of its long form's. Learnt ones are often names of genes and methods.
 */
const rareShare = { table: 0.5, learnt: 0.1 };
/** A learnt reading stands for the abbreviation when at least this share of the documents that spell it out agree. */
const agreement = 0.7;
/** Of two readings one must keep this much better company with the question's words. */
const clearly = 2;

/** The question's words that are written like abbreviations, without a plural s. */
export function shortForms(question: string, words: Word[]): Map<Word, string> {
  const capitals = words.filter(({ text }) => /\p{Lu}{2}/u.test(text)).length;
  const isShouted = words.length > 2 && capitals > words.length / 2;
  const found = new Map<Word, string>();
  for (const word of words) {
    const single = word.text.replace(/(?<=\p{Lu})s$/u, "");
    const known = abbreviationTable.has(single.toUpperCase()) && !ambiguous.has(single.toUpperCase());
    const looksShort = single.length <= 10 && (single.match(/\p{Lu}/gu)?.length ?? 0) >= 2;
    // Spelled out by whoever asks: "heart failure (HF)".
    if (question[word.start - 1] === "(" && question[word.end] === ")") continue;
    if (known || (looksShort && !isShouted)) found.set(word, single);
  }
  return found;
}

/** The long forms that the table gives these abbreviations, to be looked up with them. */
export function tableLongForms(shorts: Iterable<string>): string[] {
  return [...shorts].flatMap((short) => (abbreviationTable.get(short.toUpperCase()) ?? []).map(({ long }) => long));
}

/**
 * Reads abbreviations that the collections hold rarely as what they stand for: by the table, else as the documents spell
 * them out. An ambiguous one needs company: words of the question that point to one reading.
 */
export async function readAbbreviations(
  database: Database,
  collectionIds: number[],
  shorts: Map<Word, string>,
  words: Word[],
  lookedUp: LookedUp,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const [word, short] of shorts) {
    const context = words.filter((other) => other !== word).map(({ lower }) => lower);
    const known = abbreviationTable.get(short.toUpperCase()) ?? [];
    const candidates = known.length > 0 ? known.map(({ long }) => long) : learntReadings(short, lookedUp);
    const share = known.length > 0 ? rareShare.table : rareShare.learnt;
    const usual = candidates.filter((long) => isRare(short, long, share, lookedUp.held));
    if (usual.length === 0) continue;
    const long =
      ambiguous.has(short.toUpperCase()) || usual.length > 1
        ? await readByContext(database, collectionIds, short, candidates, context, lookedUp)
        : candidates[0];
    if (!long || !usual.includes(long)) continue;
    const change = { kind: "abbreviation" as const, from: word.text, to: long };
    readings.push({ start: word.start, end: word.end, text: `${word.text} (${long})`, change });
  }
  return readings;
}

function isRare(short: string, long: string, share: number, held: ReadonlyMap<string, number>): boolean {
  const longHeld = held.get(long) ?? 0;
  return longHeld > 0 && (held.get(short.toLowerCase()) ?? 0) <= share * longHeld;
}

/** What the documents spell it out as, singular and plural taken together; one reading where they agree, else the first three. */
function learntReadings(short: string, { names }: LookedUp): string[] {
  if (/^[IVX]+$/.test(short)) return []; // a number: "type VI"
  const groups = new Map<string, { long: string; documents: number }>();
  let all = 0;
  for (const { kind, surface, canonical, documents } of names) {
    if (kind !== "abbreviation" || surface !== short.toLowerCase()) continue;
    const key = canonical
      .split(/[\s-]+/)
      .map(stem)
      .join(" ");
    const group = groups.get(key) ?? { long: canonical, documents: 0 };
    groups.set(key, { ...group, documents: group.documents + documents });
    all += documents;
  }
  const ordered = [...groups.values()].toSorted((left, right) => right.documents - left.documents);
  const first = ordered[0];
  // One document may have made it up.
  if (!first || first.documents < 2) return [];
  return first.documents >= agreement * all ? [first.long] : ordered.slice(0, 3).map(({ long }) => long);
}

async function readByContext(
  database: Database,
  collectionIds: number[],
  short: string,
  candidates: string[],
  context: string[],
  lookedUp: LookedUp,
): Promise<string | undefined> {
  const stems = stemsOf(context.join(" "));
  const pointing = (abbreviationTable.get(short.toUpperCase()) ?? []).map(({ long, cues }) => ({
    long,
    hits: cues.filter((cue) => stems.has(cue)).length,
  }));
  const [best, next] = pointing.toSorted((left, right) => right.hits - left.hits);
  if (best && best.hits > (next?.hits ?? 0)) return best.long;
  // No word points to one: what the searched documents mean by it, if they agree.
  const learnt = learntReadings(short, lookedUp);
  const meant = candidates.find((long) => learnt.length === 1 && sameWords(long, learnt[0] as string));
  if (meant !== undefined) return meant;
  if (candidates.length < 2 || stems.size === 0) return undefined;
  const company = (await companyOf(database, collectionIds, candidates, [...stems]))
    .map(({ reading, chunks, weight }) => ({ reading, chunks, mean: chunks === 0 ? 0 : weight / chunks }))
    .toSorted((left, right) => right.mean - left.mean);
  const [first, second] = company;
  const isClear = first && first.chunks >= 3 && first.mean > clearly * (second?.mean ?? 0);
  return isClear ? first.reading : undefined;
}

function sameWords(left: string, right: string): boolean {
  return stemsOf(left).symmetricDifference(stemsOf(right)).size === 0;
}
