import type { Passage } from "./types.ts";

/** Questions that the same passages can answer, at most three. */
export function followUpQuestions(_question: string, _passages: Passage[]): string[] {
  return [];
}
