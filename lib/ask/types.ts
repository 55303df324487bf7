import type { Deps } from "../deps.ts";
import type { QuestionFilters } from "../domain.ts";

export type AskDeps = Pick<
  Deps,
  "database" | "cache" | "answers" | "chatModel" | "reranker" | "embeddingsOf" | "log" | "env"
>;

/** One question as it enters the pipeline. */
export interface AskRequest {
  tenantId: string | null;
  question: string;
  /** Slugs of the collections to search; empty means all that the tenant may search. */
  collections: string[];
  /** What the searched documents have to be. */
  filters?: QuestionFilters;
  /** Earlier questions of the conversation, oldest first; they only help to understand this one. */
  earlierQuestions: string[];
  /** Answer anew although the same was answered before. */
  fresh?: boolean;
  signal?: AbortSignal;
}
