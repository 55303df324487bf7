"use client";

import { useId } from "react";
import { field } from "#app/components/styles.ts";
import { type OfferedKind, type SourceField, sourceKinds } from "./source-kinds.ts";

export interface SourceFieldsProps {
  kinds: OfferedKind[];
  kind: OfferedKind;
  values: Record<string, string>;
  onKind: (kind: OfferedKind) => void;
  onValue: (name: string, value: string) => void;
}

/** Where to read from: a kind of source and its settings. */
export function SourceFields({ kinds, kind, values, onKind, onValue }: SourceFieldsProps) {
  const { hint, fields } = sourceKinds[kind];
  const id = useId();
  return (
    <div className="grid gap-4">
      <div className="grid gap-1.5">
        <label htmlFor={id} className="font-medium text-sm">
          Read from
        </label>
        <select
          id={id}
          aria-describedby={`${id}-hint`}
          className={field}
          value={kind}
          onChange={(event) => onKind(event.target.value as OfferedKind)}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {sourceKinds[one].label}
            </option>
          ))}
        </select>
        <p id={`${id}-hint`} className="text-ink-faint text-xs">
          {hint}
        </p>
      </div>
      {fields.length > 0 && (
        <div className="grid gap-4 sm:grid-cols-2">
          {(fields as SourceField[]).map((one) => (
            <Setting
              key={`${kind}-${one.name}`}
              setting={one}
              value={values[one.name] ?? ""}
              onChange={(value) => onValue(one.name, value)}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function Setting({
  setting,
  value,
  onChange,
}: {
  setting: SourceField;
  value: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  const { label, hint, type, required, placeholder, choices } = setting;
  const shared = {
    id,
    className: field,
    value,
    placeholder,
    "aria-required": required,
    "aria-describedby": hint ? `${id}-hint` : undefined,
  };
  return (
    <div className={`grid content-start gap-1.5 ${type === "text" || type === "list" ? "sm:col-span-2" : ""}`}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
        {required && <span className="font-normal text-ink-faint"> (needed)</span>}
      </label>
      {type === "list" && <textarea {...shared} rows={3} onChange={(event) => onChange(event.target.value)} />}
      {type === "choice" && (
        <select {...shared} onChange={(event) => onChange(event.target.value)}>
          {choices?.map(([choice, words]) => (
            <option key={choice} value={choice}>
              {words}
            </option>
          ))}
        </select>
      )}
      {(type === "text" || type === "date") && (
        <input {...shared} type={type} onChange={(event) => onChange(event.target.value)} />
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-ink-faint text-xs">
          {hint}
        </p>
      )}
    </div>
  );
}
