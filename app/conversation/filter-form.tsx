"use client";

import { type FormEvent, type ReactNode, useId, useState } from "react";
import { button, field } from "#app/components/styles.ts";
import { evidenceLevels, populations, type QuestionFilters } from "#lib/domain.ts";
import { FilterValues, SetValues } from "./filter-values.tsx";
import {
  commonLanguages,
  commonPublicationTypes,
  dateProblem,
  filterChips,
  languageName,
  withoutEmpty,
  withValue,
} from "./filters.ts";
import { evidenceLabels, populationLabels } from "./labels.ts";

export interface FilterFormProps {
  initial: QuestionFilters;
  onApply: (filters: QuestionFilters) => void;
  onCancel: () => void;
}

type DateName = "from" | "to" | "asOf";
interface Problem {
  field: DateName;
  message: string;
}

export function FilterForm({ initial, onApply, onCancel }: FilterFormProps) {
  const [filters, setFilters] = useState(initial);
  // Typed dates that are not whole have no value of their own: emptying the form makes its fields anew.
  const [clearings, setClearings] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const id = useId();

  function apply(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const found = unfinishedDate(event.currentTarget) ?? dateProblem(filters);
    setProblem(found);
    if (found) event.currentTarget.querySelector<HTMLElement>(`[name="${found.field}"]`)?.focus();
    else onApply(filters);
  }

  const date = (name: DateName, label: string, hint?: string) => (
    <div className="grid content-start gap-1">
      <label htmlFor={`${id}-${name}`} className="font-medium text-sm">
        {label}
      </label>
      <input
        key={clearings}
        id={`${id}-${name}`}
        name={name}
        type="date"
        className={`${field} tabular aria-invalid:border-danger`}
        defaultValue={filters[name]}
        aria-invalid={problem?.field === name || undefined}
        aria-describedby={
          [hint && `${id}-${name}-hint`, problem?.field === name && `${id}-problem`].filter(Boolean).join(" ") ||
          undefined
        }
        onChange={(event) => {
          setProblem(null);
          setFilters(withoutEmpty({ ...filters, [name]: event.target.value }));
        }}
      />
      {hint && (
        <p id={`${id}-${name}-hint`} className="text-ink-faint text-xs">
          {hint}
        </p>
      )}
    </div>
  );

  return (
    // Our own words say what is wrong with a date, so the browser's bubbles are off.
    <form noValidate aria-label="Filters" className="flex min-h-0 flex-col" onSubmit={apply}>
      <div className="grid min-h-0 gap-5 overflow-y-auto px-5 py-4">
        <div className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-3">
          {date("from", "Published from")}
          {date("to", "Published until")}
          {date("asOf", "Known by", "As if asked on that day: nothing published later is searched.")}
        </div>
        <Checks legend="Kind of evidence">
          {evidenceLevels.map((level) => (
            <Check
              key={level}
              label={evidenceLabels[level]}
              checked={filters.evidenceLevels?.includes(level) ?? false}
              onChange={(isSet) => setFilters(withValue(filters, "evidenceLevels", level, isSet))}
            />
          ))}
        </Checks>
        <Checks legend="About">
          {populations.map((population) => (
            <Check
              key={population}
              label={populationLabels[population]}
              checked={filters.populations?.includes(population) ?? false}
              onChange={(isSet) => setFilters(withValue(filters, "populations", population, isSet))}
            />
          ))}
        </Checks>
        <div className="grid gap-4 sm:grid-cols-2">
          <FilterValues
            label="Publication type"
            hint="As the record writes it; any of those set will do."
            values={filters.publicationTypes ?? []}
            suggestions={commonPublicationTypes}
            longest={120}
            onChange={(publicationTypes) => setFilters(withoutEmpty({ ...filters, publicationTypes }))}
          />
          <div className="grid content-start gap-1">
            <label htmlFor={`${id}-language`} className="font-medium text-sm">
              Language
            </label>
            <select
              id={`${id}-language`}
              className={field}
              value=""
              onChange={(event) => setFilters(withValue(filters, "languages", event.target.value, true))}
            >
              <option value="">{filters.languages ? "Add another …" : "Any"}</option>
              {commonLanguages
                .filter((tag) => !filters.languages?.includes(tag))
                .map((tag) => (
                  <option key={tag} value={tag}>
                    {languageName(tag)}
                  </option>
                ))}
            </select>
            <SetValues
              values={filters.languages ?? []}
              inWords={languageName}
              onRemove={(tag) => setFilters(withValue(filters, "languages", tag, false))}
            />
          </div>
        </div>
      </div>
      <div className="grid gap-2 border-line border-t px-5 py-3">
        <p id={`${id}-problem`} role="alert" className="text-danger text-sm empty:hidden">
          {problem?.message}
        </p>
        <div className="flex flex-wrap items-center justify-end gap-2">
          <button
            type="button"
            className={`${button.quiet} mr-auto -ml-2`}
            disabled={filterChips(filters).length === 0 && problem === null}
            onClick={() => {
              setFilters({});
              setProblem(null);
              setClearings(clearings + 1);
            }}
          >
            Clear all
          </button>
          <button type="button" className={button.secondary} onClick={onCancel}>
            Cancel
          </button>
          <button type="submit" className={button.primary}>
            Use these filters
          </button>
        </div>
      </div>
    </form>
  );
}

/** A date that was begun and not finished reads as none: the reader is told instead of being searched for without it. */
function unfinishedDate(form: HTMLFormElement): Problem | null {
  const names: DateName[] = ["from", "to", "asOf"];
  const unfinished = names.find((name) => {
    const input = form.elements.namedItem(name);
    return input instanceof HTMLInputElement && input.validity.badInput;
  });
  return unfinished ? { field: unfinished, message: "This date is not whole. Complete it, or clear it." } : null;
}

function Checks({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{legend}</legend>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-2">{children}</div>
    </fieldset>
  );
}

function Check(props: { label: string; checked: boolean; onChange: (isSet: boolean) => void }) {
  const { label, checked, onChange } = props;
  return (
    <label className="flex min-h-7 items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="size-4 accent-accent"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}
