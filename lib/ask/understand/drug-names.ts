import { type Database, drugNamesLike, type LookedUp } from "#db/index.ts";
import { commonDrugs, otherOfficialName } from "../drug-table.ts";
import { allowedEdits, nearestName } from "./misspelling.ts";
import type { Reading, Word } from "./types.ts";

/** Drugs' other official names among these words, to be looked up with them. */
export function otherDrugNames(words: Word[]): string[] {
  return words.flatMap(({ lower }) => otherOfficialName.get(lower) ?? []);
}

/** Brands read as what their labels say they hold, and official names as the other one where documents write that. */
export function readDrugNames(question: string, phrases: Map<string, Word[]>, { names, held }: LookedUp): Reading[] {
  const readings: Reading[] = [];
  const add = (words: Word[], canonical: string) => {
    const [start, end] = [words[0]?.start ?? 0, words.at(-1)?.end ?? 0];
    const from = question.slice(start, end);
    readings.push({ start, end, text: `${from} (${canonical})`, change: { kind: "drug_name", from, to: canonical } });
  };
  const isRarer = (written: string, other: string) => (held.get(written) ?? 0) < (held.get(other) ?? 0);
  for (const [phrase, words] of phrases) {
    const brands = names.filter(({ kind, surface }) => kind === "brand" && surface === phrase);
    // One brand name over different substances ("Tylenol PM", "Tylenol") tells nothing for certain.
    const [brand, another] = brands.toSorted((left, right) => right.documents - left.documents);
    const isNamed = (substance: string) => question.toLowerCase().includes(substance);
    if (brand && !another && isRarer(phrase, brand.canonical) && !isNamed(brand.canonical)) add(words, brand.canonical);
    const other = words.length === 1 ? otherOfficialName.get(phrase) : undefined;
    if (other && !brand && isRarer(phrase, other) && !isNamed(other)) add(words, other);
  }
  return readings;
}

/**
 * Words that no searched document holds and that one drug's name alone is near to. A known name is never changed,
 * whether a document holds it or not; and no name is guessed that the documents do not hold.
 */
export async function readMisspelt(
  database: Database,
  collectionIds: number[],
  words: Word[],
  isKnown: (word: Word) => boolean,
  held: ReadonlyMap<string, number>,
): Promise<Reading[]> {
  const unknown = words.filter(
    (word) =>
      /^\p{L}+$/u.test(word.text) &&
      allowedEdits(word.lower) > 0 &&
      held.get(word.lower) === 0 &&
      !commonDrugs.has(word.lower) &&
      !otherOfficialName.has(word.lower) &&
      !isKnown(word),
  );
  if (unknown.length === 0) return [];
  const learnt = await drugNamesLike(
    database,
    collectionIds,
    unknown.map(({ lower }) => lower),
    3,
  );
  const names = new Set([...commonDrugs, ...learnt]);
  return unknown.flatMap((word): Reading[] => {
    const name = nearestName(word.lower, names);
    if (!name) return [];
    return [{ start: word.start, end: word.end, text: name, change: { kind: "spelling", from: word.text, to: name } }];
  });
}
