import type { SearchResult } from "#lib/domain.ts";
import { limitsInWords, outcomeInWords, readingInWords } from "./found.ts";

/** How a query was read, what came of it and what was not looked at. Screen readers hear it as it changes. */
export function SearchStatus({ result, problem }: { result: SearchResult | null; problem: string | null }) {
  const reading = result && readingInWords(result);
  const limits = result && limitsInWords(result);
  return (
    <div className="text-ink-soft text-xs">
      <p role="status" className="empty:hidden">
        {result && (
          <>
            {outcomeInWords(result)}
            {reading && ` Read as: ${reading}. Put words in quotes to search for them as they are.`}
            {limits && ` ${limits}`}
          </>
        )}
      </p>
      <p role="alert" className="text-danger empty:hidden">
        {problem}
      </p>
    </div>
  );
}
