import type { QuestionTerm } from "#db/index.ts";
import { unifyNumbers } from "./verify/number-forms.ts";
import { contentWords, stem, stemsOf, wordsOf } from "./words.ts";

/** How much of a question a text speaks of: weights of its terms found in the text, over the weights of all, 0 to 1. */
export function coverageOf(terms: QuestionTerm[], stems: Set<string>): number {
  const counted = countedTerms(terms);
  const all = counted.reduce((sum, { idf }) => sum + idf, 0);
  const found = counted.reduce((sum, { lexeme, idf }) => (holdsTerm(lexeme, stems) ? sum + idf : sum), 0);
  return all === 0 ? 0 : found / all;
}

// One question's terms are asked of every sentence.
const countedOf = new WeakMap<QuestionTerm[], QuestionTerm[]>();

/** The terms without those that say what others say already. */
function countedTerms(terms: QuestionTerm[]): QuestionTerm[] {
  const known = countedOf.get(terms);
  if (known) return known;
  const lexemes = new Set(terms.map(({ lexeme }) => lexeme));
  const counted = terms.filter(({ lexeme }) => !isCompoundOf(lexeme, lexemes));
  countedOf.set(terms, counted);
  return counted;
}

/** Of a sentence's words so many stand in its quotes, in whatever form, when it speaks of the same. */
const sharedLeast = 0.3;

/** Whether a sentence speaks of what its quotes say, as far as words tell; forms of one root count, as do cognates. */
export function sharesWords(sentence: string, quotes: string[]): boolean {
  const words = [...new Set(contentWords(unifyNumbers(sentence)))];
  const held = contentWords(unifyNumbers(quotes.join(" ")));
  const stems = new Set(held.map(stem));
  const roots = new Set(held.flatMap((word) => (word.length >= rootLength ? [word.slice(0, rootLength)] : [])));
  const isShared = (word: string) =>
    stems.has(stem(word)) || (word.length >= rootLength && roots.has(word.slice(0, rootLength)));
  return words.filter(isShared).length >= sharedLeast * words.length;
}

/** Letters by which "anticoagulation" and "anticoagulated", "insuficiencia" and "insufficiency" are known as one. */
const rootLength = 5;

/** The stems of everything a passage says of itself: its text, section and document's title. */
export function passageStems(passage: {
  text: string;
  section: string | null;
  title: string;
  language: string;
}): Set<string> {
  return stemsOf(`${passage.title} ${passage.section ?? ""} ${passage.text}`, passage.language);
}

const isOneWord = /^[\p{L}\p{N}]+$/u;

// Postgres keeps "follow-up", "-65" (of CURB-65) and "2.5" whole; here they are their parts.
/** Whether a lexeme of Postgres is among these stems, whole or in its parts. */
export function holdsTerm(lexeme: string, stems: Set<string>): boolean {
  if (stems.has(lexeme)) return true;
  if (isOneWord.test(lexeme)) return false;
  const parts = wordsOf(lexeme);
  return parts.length > 0 && parts.every((part) => stems.has(stem(part)));
}

// "angle-closur" beside "angl" and "closur" says the same thing a second time.
function isCompoundOf(lexeme: string, lexemes: Set<string>): boolean {
  const parts = lexeme.split("-").filter(Boolean);
  return parts.length > 1 && parts.every((part) => lexemes.has(part) || lexemes.has(stem(part)));
}
