"use client";

import { X } from "lucide-react";
import { useId, useState } from "react";
import { button, field } from "#app/components/styles.ts";

export interface FilterValuesProps {
  label: string;
  hint: string;
  values: string[];
  suggestions: string[];
  /** Characters. */
  longest: number;
  onChange: (values: string[]) => void;
}

/** A list of words of the reader's own, helped by suggestions; Enter adds one. */
export function FilterValues({ label, hint, values, suggestions, longest, onChange }: FilterValuesProps) {
  const [typed, setTyped] = useState("");
  const id = useId();

  function add() {
    const value = typed.trim();
    const isKnown = values.some((other) => other.toLowerCase() === value.toLowerCase());
    if (value !== "" && !isKnown) onChange([...values, value]);
    setTyped("");
  }

  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <div className="flex gap-1.5">
        <input
          id={id}
          className={field}
          list={`${id}-suggestions`}
          value={typed}
          maxLength={longest}
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            add();
          }}
        />
        <button type="button" className={button.secondary} aria-label={`Add the ${label.toLowerCase()}`} onClick={add}>
          Add
        </button>
      </div>
      <datalist id={`${id}-suggestions`}>
        {suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
      <p id={`${id}-hint`} className="text-ink-faint text-xs">
        {hint}
      </p>
      <SetValues values={values} onRemove={(value) => onChange(values.filter((other) => other !== value))} />
    </div>
  );
}

export interface SetValuesProps {
  values: string[];
  inWords?: (value: string) => string;
  onRemove: (value: string) => void;
}

/** The values that are set, each to be taken away. */
export function SetValues({ values, inWords = (value) => value, onRemove }: SetValuesProps) {
  if (values.length === 0) return null;
  return (
    <ul className="mt-1 flex flex-wrap gap-1.5">
      {values.map((value) => (
        <li key={value}>
          <button
            type="button"
            aria-label={`Remove ${inWords(value)}`}
            onClick={() => onRemove(value)}
            className="inline-flex min-h-6 items-center gap-1 rounded-md bg-accent-wash py-0.5 pr-1 pl-2 text-accent-strong text-xs hover:bg-accent hover:text-on-accent"
          >
            {inWords(value)}
            <X className="size-3.5" aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
