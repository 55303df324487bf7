import { stageLabels, stageOrder } from "./labels.ts";
import type { Draft } from "./state.ts";

/** The named stages of an answer in the making; the spoken form is the conversation's own live region. */
export function Progress({ draft }: { draft: Draft }) {
  const current = draft.stage ?? "guard";
  const position = stageOrder.indexOf(current);
  return (
    <div className="grid gap-2">
      <p className="flex items-center gap-2.5 text-ink-soft text-sm">
        <span className="size-3.5 animate-spin rounded-full border-2 border-line border-t-accent" aria-hidden="true" />
        <span>
          {stageLabels[current]}
          {draft.detail && <span className="text-ink-faint"> – {draft.detail}</span>}
        </span>
      </p>
      <ol aria-label="Stages of the answer" className="flex gap-1">
        {stageOrder.map((stage, index) => (
          <li
            key={stage}
            aria-current={index === position ? "step" : undefined}
            className={`h-1 w-10 rounded-full ${index <= position ? "bg-accent" : "bg-line"} ${index < position ? "opacity-50" : ""}`}
          >
            <span className="sr-only">
              {stageLabels[stage]}
              {index < position && ", done"}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
