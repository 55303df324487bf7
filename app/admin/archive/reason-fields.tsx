"use client";

import { useId } from "react";
import { field } from "#app/components/styles.ts";
import { type ReasonKind, reasonKinds } from "#lib/archive/views.ts";
import { reasonLabels } from "./words.ts";

export interface Reason {
  kind: ReasonKind | "";
  text: string;
}

export const noReason: Reason = { kind: "", text: "" };

/** The kind of a reason and its words; both are recorded. */
export function ReasonFields({ reason, onChange }: { reason: Reason; onChange: (reason: Reason) => void }) {
  const id = useId();
  return (
    <>
      <label htmlFor={`${id}-kind`} className="grid gap-1">
        <span className="label-caps">Kind of reason</span>
        <select
          id={`${id}-kind`}
          className={field}
          required
          value={reason.kind}
          onChange={(event) => onChange({ ...reason, kind: event.target.value as Reason["kind"] })}
        >
          <option value="" disabled>
            Choose one
          </option>
          {reasonKinds.map((kind) => (
            <option key={kind} value={kind}>
              {reasonLabels[kind]}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor={`${id}-text`} className="grid gap-1">
        <span className="label-caps">Reason</span>
        <textarea
          id={`${id}-text`}
          className={field}
          required
          minLength={10}
          maxLength={1000}
          rows={2}
          value={reason.text}
          onChange={(event) => onChange({ ...reason, text: event.target.value })}
        />
      </label>
    </>
  );
}
