import type { QuestionTerm } from "#db/index.ts";
import { stemsOf } from "./words.ts";

/** How much of a question a text speaks of: weights of its terms found in the text, over the weights of all, 0 to 1. */
export function coverageOf(terms: QuestionTerm[], stems: Set<string>): number {
  let found = 0;
  let all = 0;
  for (const term of terms) {
    all += term.idf;
    if (stems.has(term.lexeme)) found += term.idf;
  }
  return all === 0 ? 0 : found / all;
}

/** The stems of everything a passage says of itself: its text, section and document's title. */
export function passageStems(passage: { text: string; section: string | null; title: string }): Set<string> {
  return stemsOf(`${passage.title} ${passage.section ?? ""} ${passage.text}`);
}
