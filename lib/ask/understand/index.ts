import type { Understanding } from "../../domain.ts";
import type { AskDeps, SearchedCollection } from "../types.ts";
import { contentWords } from "../words.ts";

/** What is searched for, and in which languages' stems. */
export interface UnderstoodQuestion extends Understanding {
  /** Text search configurations whose lexemes are looked up, e.g. `english`. */
  configs: string[];
}

export interface QuestionToUnderstand {
  question: string;
  /** Oldest first. */
  earlierQuestions: string[];
  collections: SearchedCollection[];
  signal?: AbortSignal | undefined;
}

const continues =
  /^(and|or|but|what about|how about|why|then|also|same)\b|\b(it|its|this|that|these|those|they|them)\b/i;

/**
 * The question as it is searched. A follow-up that names no subject of its own ("and in pregnancy?") is searched
 * together with the question before it.
 */
export async function understandQuestion(_deps: AskDeps, input: QuestionToUnderstand): Promise<UnderstoodQuestion> {
  const { question, earlierQuestions } = input;
  const before = earlierQuestions.at(-1);
  const isFollowUp = before !== undefined && continues.test(question) && contentWords(question).length <= 5;
  return {
    searchText: isFollowUp ? `${before} ${question}` : question,
    parts: [],
    changes: isFollowUp ? [{ kind: "carried", from: question, to: `${before} ${question}` }] : [],
    configs: looksSpanish(question) ? ["english", "spanish"] : ["english"],
  };
}

function looksSpanish(question: string): boolean {
  const hits = question
    .toLowerCase()
    .match(/[¿ñ]|(?<!\p{L})(?:el|la|los|las|qué|que|cómo|para|una|del|es|son|cuál|debe|puedo)(?!\p{L})/gu);
  return (hits?.length ?? 0) >= 2;
}
