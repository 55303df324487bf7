import { CornerDownRight } from "lucide-react";

export interface FollowUpsProps {
  questions: string[];
  messageId: string;
  /** Absent for readers who may not ask. */
  onAsk?: ((question: string) => void) | undefined;
  /** An answer is being made. */
  busy: boolean;
}

/** Questions that the same passages can answer; pressing one asks it. */
export function FollowUps({ questions, messageId, onAsk, busy }: FollowUpsProps) {
  if (questions.length === 0) return null;
  return (
    <section aria-labelledby={`follow-ups-${messageId}`}>
      <h3 id={`follow-ups-${messageId}`} className="label-caps">
        The same sources also answer
      </h3>
      <ul className="mt-1.5 divide-y divide-line border-line border-y">
        {questions.map((question) => (
          <li key={question}>
            <button
              type="button"
              disabled={busy || !onAsk}
              onClick={() => onAsk?.(question)}
              className="flex w-full gap-2 px-1 py-2.5 text-left text-[0.9375rem] text-ink-soft leading-snug hover:text-accent-strong disabled:pointer-events-none disabled:opacity-60"
            >
              <CornerDownRight className="mt-0.5 size-4 shrink-0 text-ink-faint" aria-hidden="true" />
              {question}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
