import type { QuestionFilters, Understanding } from "#lib/domain.ts";
import { understoodInWords } from "./understood.ts";

export interface UnderstandingLineProps {
  question: string | null;
  understanding: Understanding | null;
  filters: QuestionFilters;
}

/** A quiet line on how the question was read before it was searched, so that nothing is changed unseen. */
export function UnderstandingLine({ question, understanding, filters }: UnderstandingLineProps) {
  const words = understoodInWords(question, understanding, filters);
  if (!words) return null;
  return (
    <section aria-label="How the question was read" className="-mt-2 grid max-w-[76ch] gap-1 text-ink-soft text-xs">
      {words.changes.length > 0 && (
        <p>
          <span className="font-medium">Read as:</span> {words.changes.join("; ")}
        </p>
      )}
      {words.parts && (
        <div>
          <p className="font-medium">{words.parts.label}:</p>
          <ol className="list-inside list-decimal pl-1">
            {words.parts.questions.map((part) => (
              <li key={part}>{part}</li>
            ))}
          </ol>
        </div>
      )}
      {words.filters.length > 0 && (
        <p>
          <span className="font-medium">Searched only:</span> {words.filters.join(" · ")}
        </p>
      )}
    </section>
  );
}
