import stemmers from "snowball-stemmers";

const english = stemmers.newStemmer("english");
const spanish = stemmers.newStemmer("spanish");

/** Words that carry no subject; questions are full of them. */
const functionWords = new Set(
  `a about above after again against all also am an and any are as at be because been before being below between both but
  by can could did do does doing during each few for from further had has have having he her here hers him his how i if
  in into is it its just me more most my no nor not of off on once only or other our out over own same she should so some
  such than that the their them then there these they this those through to too under until up very was we were what when
  where which while who whom why will with would you your`.split(/\s+/),
);

const memory = new Map<string, string>();

/** A word's stem by the Snowball algorithm that Postgres' `english` configuration uses. */
export function stem(word: string): string {
  const known = memory.get(word);
  if (known !== undefined) return known;
  const stemmed = english.stem(word);
  if (memory.size > 50_000) memory.clear();
  memory.set(word, stemmed);
  return stemmed;
}

/** The same for `spanish`. */
export function stemSpanish(word: string): string {
  return spanish.stem(word);
}

/** The lower-case words of a text: letters and digits, with inner hyphens and decimal points kept apart. */
export function wordsOf(text: string): string[] {
  const lower = text.toLowerCase();
  // Most texts are plain, and the plain pattern is many times as fast.
  return (isPlain.test(lower) ? lower.match(/[a-z0-9]+/g) : lower.match(/[\p{L}\p{N}]+/gu)) ?? [];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const isPlain = /^[\x00-\x7f]*$/;

/** The stems of a text's words without function words; of a Spanish text those of both languages. */
export function stemsOf(text: string, language = "en"): Set<string> {
  const isSpanish = /^es/i.test(language);
  const stems = new Set<string>();
  for (const word of wordsOf(text)) {
    if (functionWords.has(word)) continue;
    stems.add(stem(word));
    if (isSpanish) stems.add(stemSpanish(word));
  }
  return stems;
}

/** The words that carry meaning, in order. */
export function contentWords(text: string): string[] {
  return wordsOf(text).filter((word) => !functionWords.has(word));
}
