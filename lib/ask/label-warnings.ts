import type { LabelWarning } from "../domain.ts";
import type { AskDeps, SearchedCollection } from "./types.ts";

/**
 * The boxed warnings and contraindications of the drugs that a question names, from the labels among the searched
 * collections, whether asked for or not.
 */
export async function findLabelWarnings(
  _deps: Pick<AskDeps, "database">,
  _input: { question: string; collections: SearchedCollection[] },
): Promise<LabelWarning[]> {
  return [];
}
