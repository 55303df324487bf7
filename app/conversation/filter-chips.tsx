import { X } from "lucide-react";
import type { QuestionFilters } from "#lib/domain.ts";
import { filterChips } from "./filters.ts";

export interface FilterChipsProps {
  filters: QuestionFilters;
  onChange: (filters: QuestionFilters) => void;
}

/** What the next question is narrowed to, each to be taken away. */
export function FilterChips({ filters, onChange }: FilterChipsProps) {
  const chips = filterChips(filters);
  if (chips.length === 0) return null;
  return (
    <ul
      aria-label="Filters of the next question"
      className="flex flex-wrap items-center gap-1.5 overflow-y-auto px-3.5 pt-1 pb-2 max-sm:max-h-18"
    >
      {chips.map(({ label, without }) => (
        <li key={label}>
          <button
            type="button"
            aria-label={`Remove the filter ${label}`}
            onClick={() => onChange(without)}
            className="inline-flex min-h-6 items-center gap-1 rounded-md bg-accent-wash py-0.5 pr-1 pl-2 text-accent-strong text-xs hover:bg-accent hover:text-on-accent"
          >
            {label}
            <X className="size-3.5" aria-hidden="true" />
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          onClick={() => onChange({})}
          className="min-h-6 rounded-md px-1.5 text-ink-soft text-xs underline underline-offset-2 hover:text-ink"
        >
          Clear all filters
        </button>
      </li>
    </ul>
  );
}
