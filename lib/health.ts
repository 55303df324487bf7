import type { AnswerCounts } from "./ask/index.ts";
import { type RecentMessagesCounts, recentMessagesCounts } from "./conversations/index.ts";
import type { Deps } from "./deps.ts";

export interface Health {
  ok: boolean;
  backends: Record<string, { ok: boolean; detail?: string; ms: number }>;
  /** How this process answered since its start; `hitRate` is the share that was not made anew, null before the first. */
  answers: AnswerCounts & { hitRate: number | null };
  /** The last messages of conversations, read from this process's memory or the database. */
  recentMessages: RecentMessagesCounts & { conversations: number };
}

/** Without these nothing can be answered; without the others the application serves with less. */
const required = ["postgres", "objects"];

/** Whether the application can serve, each backend by its name. */
export async function health(deps: Deps): Promise<Health> {
  const reports = await deps.health();
  const backends = Object.fromEntries(
    reports.map(({ backend, ok, milliseconds, detail }) => [
      backend,
      { ok, ms: Math.round(milliseconds * 10) / 10, ...(detail !== null && { detail }) },
    ]),
  );
  const model = deps.chatModel ? deps.chatModel.name : "none (extractive answers)";
  return {
    ok: reports.every(({ backend, ok }) => ok || !required.includes(backend)),
    backends: { ...backends, "chat-model": { ok: true, detail: model, ms: 0 } },
    answers: answersOf(deps.answers.counts),
    recentMessages: recentMessagesCounts(deps.database),
  };
}

function answersOf(counts: AnswerCounts): Health["answers"] {
  const hits = counts.exact + counts.like + counts.shared;
  const asked = hits + counts.missed;
  return { ...counts, hitRate: asked === 0 ? null : Math.round((1000 * hits) / asked) / 1000 };
}
