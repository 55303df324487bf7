import type { QuestionFilters, Understanding } from "#lib/domain.ts";
import { filterChips } from "./filters.ts";
import { counted } from "./labels.ts";

type Change = Understanding["changes"][number];

const changeInWords: Record<Change["kind"], (change: Change) => string> = {
  abbreviation: ({ from, to }) => `“${from}” as “${to}” (abbreviation)`,
  drug_name: ({ from, to }) => `“${from}” as “${to}” (drug name)`,
  entry_term: ({ from, to }) => `“${from}” as “${to}” (as documents call it)`,
  spelling: ({ from, to }) => `“${from}” as “${to}” (spelling)`,
  carried: ({ to }) => `with the subject of what was asked before: “${to}”`,
  standalone: ({ to }) => `as a question of its own: “${to}”`,
};

/** What was read as what, what it was split into and what it was narrowed to; nothing when it was taken as written. */
export interface UnderstoodInWords {
  changes: string[];
  /** `Searched in 2 parts`, with the parts. */
  parts: { label: string; questions: string[] } | null;
  filters: string[];
}

/**
 * How a question was read, in words. A search text that no listed change accounts for is named as well: nothing is
 * changed without the reader being told. Null when there is nothing to tell.
 */
export function understoodInWords(
  question: string | null,
  understanding: Understanding | null,
  filters: QuestionFilters,
): UnderstoodInWords | null {
  const changes = understanding?.changes.map((change) => changeInWords[change.kind](change)) ?? [];
  if (understanding && changes.length === 0 && question !== null && !isAlike(understanding.searchText, question)) {
    changes.push(`“${understanding.searchText}”`);
  }
  const questions = understanding?.parts ?? [];
  const parts = questions.length > 0 ? { label: `Searched in ${counted(questions.length, "part")}`, questions } : null;
  const narrowed = filterChips(filters).map(({ label }) => label);
  if (changes.length === 0 && !parts && narrowed.length === 0) return null;
  return { changes, parts, filters: narrowed };
}

function isAlike(left: string, right: string): boolean {
  const folded = (text: string) => text.replace(/\s+/g, " ").trim().toLowerCase();
  return folded(left) === folded(right);
}
