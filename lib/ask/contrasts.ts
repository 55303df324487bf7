import type { AnswerSentence, Contrast } from "../domain.ts";
import type { Passage } from "./types.ts";

/** Where cited sources of different kinds or dates do not say the same. */
export function findContrasts(_sentences: AnswerSentence[], _passages: Passage[]): Contrast[] {
  return [];
}
