import { contentWords } from "./words.ts";

/** What is searched for, and in which languages' stems. */
export interface SearchQuery {
  text: string;
  configs: string[];
}

const continues =
  /^(and|or|but|what about|how about|why|then|also|same)\b|\b(it|its|this|that|these|those|they|them)\b/i;

/**
 * The question as it is searched. A follow-up that names no subject of its own ("and in pregnancy?") is searched
 * together with the question before it.
 */
export function rewriteQuestion(question: string, earlierQuestions: string[]): SearchQuery {
  const before = earlierQuestions.at(-1);
  const isFollowUp = before !== undefined && continues.test(question) && contentWords(question).length <= 5;
  const text = isFollowUp ? `${before} ${question}` : question;
  return { text, configs: looksSpanish(question) ? ["english", "spanish"] : ["english"] };
}

function looksSpanish(question: string): boolean {
  const hits = question
    .toLowerCase()
    .match(/[¿ñ]|(?<!\p{L})(?:el|la|los|las|qué|que|cómo|para|una|del|es|son|cuál|debe|puedo)(?!\p{L})/gu);
  return (hits?.length ?? 0) >= 2;
}
