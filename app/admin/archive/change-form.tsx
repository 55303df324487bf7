"use client";

import { type FormEvent, useId, useState } from "react";
import { button, field } from "#app/components/styles.ts";
import { type ChangeAction, changeActions } from "#lib/archive/views.ts";
import { Problem } from "../parts.tsx";
import { useAction } from "../use-action.ts";
import { noReason, ReasonFields } from "./reason-fields.tsx";
import { actionLabels } from "./words.ts";

export interface Change {
  change: { action: ChangeAction; until?: string };
  reason: { kind: string; text: string };
}

/** What is to be done, until when, and why. */
export function ChangeForm({ label, onChange }: { label: string; onChange: (change: Change) => Promise<unknown> }) {
  const id = useId();
  const [action, setAction] = useState<ChangeAction>("archive");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState(noReason);
  const [done, setDone] = useState("");
  const { busy, problem, act } = useAction();
  function submit(event: FormEvent) {
    event.preventDefault();
    setDone("");
    void act(async () => {
      const change = action === "retain" ? { action, until: `${until}T23:59:59Z` } : { action };
      await onChange({ change, reason });
      setReason(noReason);
      setDone(`${actionLabels[action]}: asked for.`);
    });
  }
  return (
    <form aria-label={label} className="grid max-w-xl gap-3" onSubmit={submit}>
      <label htmlFor={`${id}-action`} className="grid gap-1">
        <span className="label-caps">What is to be done</span>
        <select
          id={`${id}-action`}
          className={field}
          value={action}
          onChange={(event) => setAction(event.target.value as ChangeAction)}
        >
          {changeActions.map((one) => (
            <option key={one} value={one}>
              {actionLabels[one]}
            </option>
          ))}
        </select>
      </label>
      {action === "retain" && (
        <label htmlFor={`${id}-until`} className="grid gap-1">
          <span className="label-caps">Until</span>
          <input
            id={`${id}-until`}
            type="date"
            required
            className={field}
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        </label>
      )}
      <ReasonFields reason={reason} onChange={setReason} />
      <Problem>{problem}</Problem>
      <p role="status" className="text-ink-soft text-sm empty:hidden">
        {done}
      </p>
      <button type="submit" className={`${button.secondary} w-fit`} disabled={busy}>
        Do it
      </button>
    </form>
  );
}
