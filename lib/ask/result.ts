import type { AnswerResult, QuestionFilters } from "../domain.ts";
import { promptVersion } from "./prompts.ts";

/** An answer of which nothing is known yet but who makes it. */
export function emptyAnswer(model: { name: string } | null, filters: QuestionFilters = {}): AnswerResult {
  return {
    status: "answered",
    mode: model ? "written" : "extractive",
    model: model?.name ?? null,
    promptVersion: model ? promptVersion : null,
    tokensUsed: null,
    sentences: [],
    dropped: [],
    gap: null,
    redirection: null,
    understanding: null,
    filters,
    warnings: [],
    contrasts: [],
    followUps: [],
    notice: null,
    error: null,
    timings: {},
  };
}
