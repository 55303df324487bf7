import { type Database, type LookedUp, lookUpNames } from "#db/index.ts";
import type { SearchedCollection } from "../passage.ts";
import type { AskDeps } from "../types.ts";
import { contentWords } from "../words.ts";
import { readAbbreviations, shortForms, tableLongForms } from "./abbreviations.ts";
import { otherDrugNames, readDrugNames, readMisspelt } from "./drug-names.ts";
import { otherSpellings } from "./spelling.ts";
import { applyReadings, type Change, type Reading, simpleWords, type Word, wordsWithPlaces } from "./types.ts";

/** Words of the longest name that is looked up. */
const longestName = 5;
/** The documents' spelling stands beside the question's when this many times as many chunks hold it. */
const spellingShare = 1;
/** The same for the name under which documents speak of a thing. */
const entryTermShare = 0.1;

/** What is asked of a collection: whether anything is in it, and whether it has changed. */
export type NamedCollection = Pick<SearchedCollection, "id" | "chunkCount" | "corpusVersion">;

export interface ReadQuestion {
  text: string;
  changes: Change[];
}

// What was read of a question holds as long as no collection changes; a cached answer then costs no look-up.
const memories = new WeakMap<Database, Map<string, ReadQuestion>>();
const memorySize = 2000;

/**
 * The question's words in the words of the searched documents: abbreviations, brands, official names, other names of a
 * condition, the other side's spelling, misspelt drugs. What documents write as the question does stays as it is.
 */
export async function readTerms(
  { database }: Pick<AskDeps, "database">,
  question: string,
  collections: NamedCollection[],
): Promise<ReadQuestion> {
  const memory = memories.get(database) ?? new Map<string, ReadQuestion>();
  memories.set(database, memory);
  const key = memoryKey(question, collections);
  const known = memory.get(key);
  if (known) return known;
  const read = await readNew(database, question, collections);
  if (memory.size >= memorySize) memory.clear();
  memory.set(key, read);
  return read;
}

/** Whether reading the question costs no look-up any more. */
export function isRead(database: Database, question: string, collections: NamedCollection[]): boolean {
  return memories.get(database)?.has(memoryKey(question, collections)) ?? false;
}

function memoryKey(question: string, collections: NamedCollection[]): string {
  return JSON.stringify([question, collections.map(({ id, corpusVersion }) => `${id}:${corpusVersion}`).toSorted()]);
}

async function readNew(database: Database, question: string, collections: NamedCollection[]): Promise<ReadQuestion> {
  const ids = collections.filter(({ chunkCount }) => chunkCount > 0).map(({ id }) => id);
  const words = wordsWithPlaces(question);
  if (ids.length === 0 || words.length === 0) return { text: question, changes: [] };
  const phrases = phrasesOf(question, words);
  const shorts = shortForms(question, words);
  const simple = simpleWords(words);
  const spellings = new Map(simple.map((word) => [word, otherSpellings(word.lower)]));
  const lookedUp = await lookUpNames(
    database,
    ids,
    [...new Set([...phrases.keys(), ...[...shorts.values()].map((short) => short.toLowerCase())])],
    [
      ...new Set([
        ...simple.map(({ lower }) => lower),
        ...[...shorts.values()].map((short) => short.toLowerCase()),
        ...[...spellings.values()].flat(),
        ...otherDrugNames(words),
        ...tableLongForms(shorts.values()),
      ]),
    ],
  );
  const spelled = readSpellings(spellings, lookedUp);
  const drugs = readDrugNames(question, phrases, lookedUp);
  const known = new Set(lookedUp.names.flatMap(({ surface }) => surface.split(/[\s-]+/)));
  const isRead = (word: Word) =>
    [...spelled, ...drugs].some(({ start, end }) => word.start >= start && word.end <= end);
  const isKnown = (word: Word) => known.has(word.lower) || isRead(word);
  return applyReadings(question, [
    ...(await readAbbreviations(database, ids, shorts, words, lookedUp)),
    ...drugs,
    ...readEntryTerms(question, phrases, lookedUp),
    ...spelled,
    ...(await readMisspelt(database, ids, simple, isKnown, lookedUp.held)),
  ]);
}

/** Every run of the question's words, in lower case, at its first place. */
function phrasesOf(question: string, words: Word[]): Map<string, Word[]> {
  const phrases = new Map<string, Word[]>();
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from + 1; to <= Math.min(words.length, from + longestName); to += 1) {
      const run = words.slice(from, to);
      // A name does not reach over a full stop or bracket.
      const between = question.slice(run[0]?.start, run.at(-1)?.end);
      if (/[.;:?!()]/.test(between)) break;
      const phrase = between.toLowerCase().replace(/\s+/g, " ");
      if (contentWords(phrase).length > 0 && !phrases.has(phrase)) phrases.set(phrase, run);
    }
  }
  return phrases;
}

function readSpellings(spellings: ReadonlyMap<Word, string[]>, { held }: LookedUp): Reading[] {
  return [...spellings].flatMap(([word, others]): Reading[] => {
    const best = others.toSorted((left, right) => (held.get(right) ?? 0) - (held.get(left) ?? 0))[0];
    if (best === undefined || (held.get(best) ?? 0) <= spellingShare * (held.get(word.lower) ?? 0)) return [];
    const { text, start, end } = word;
    return [{ start, end, text: best, change: { kind: "spelling", from: text, to: best } }];
  });
}

/** The name under which documents speak of a thing, where they hardly ever use the question's. */
function readEntryTerms(question: string, phrases: ReadonlyMap<string, Word[]>, { names, held }: LookedUp): Reading[] {
  return [...phrases].flatMap(([phrase, words]): Reading[] => {
    const terms = names
      .filter(({ kind, surface }) => kind === "entry_term" && surface === phrase)
      .toSorted((left, right) => right.documents - left.documents);
    const [term] = terms;
    if (!term || new Set(terms.map(({ canonical }) => canonical)).size > 1) return [];
    const isSame = contentWords(term.canonical).toSorted().join() === contentWords(phrase).toSorted().join();
    if (isSame || (held.get(phrase) ?? 0) > entryTermShare * (held.get(term.canonical) ?? 0)) return [];
    const [start, end] = [words[0]?.start ?? 0, words.at(-1)?.end ?? 0];
    const from = question.slice(start, end);
    const change = { kind: "entry_term" as const, from, to: term.canonical };
    return [{ start, end, text: `${from} (${term.canonical})`, change }];
  });
}
