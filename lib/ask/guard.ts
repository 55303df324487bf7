import { InvalidInputError } from "../errors.ts";
import { cleanText, collapseWhitespace } from "../text/clean.ts";

export const maximumQuestionLength = 2_000;

/**
 * The question as the pipeline works on it: control characters gone, white space collapsed.
 * @throws InvalidInputError when nothing is left to ask, or there is too much of it
 */
export function guardQuestion(question: string): string {
  if (question.length > maximumQuestionLength) {
    throw new InvalidInputError(
      `The question has ${question.length} characters; at most ${maximumQuestionLength} are taken. Ask about one thing at a time.`,
    );
  }
  const clean = collapseWhitespace(cleanText(question)).trim();
  if (!/\p{L}{2}/u.test(clean)) throw new InvalidInputError("Write a question in words.");
  return clean;
}
