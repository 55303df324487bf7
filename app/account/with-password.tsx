"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { useAction } from "#app/admin/use-action.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { Field, Problem } from "./fields.tsx";

interface WithPasswordProps {
  /** What the button says; it opens a form that asks for the password. */
  label: string;
  confirm: string;
  look?: "primary" | "secondary" | "danger";
  /** False: the person has none, and is not asked. */
  asks?: boolean;
  /** More fields above the password. */
  children?: ReactNode;
  onConfirm: (fields: Record<string, FormDataEntryValue>) => Promise<void>;
}

/** A button whose deed wants the password once more. */
export function WithPassword({
  label,
  confirm,
  look = "secondary",
  asks = true,
  children,
  onConfirm,
}: WithPasswordProps) {
  const isReady = useHydrated();
  const [isOpen, setOpen] = useState(false);
  const { busy, problem, act } = useAction();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    if (await act(() => onConfirm(fields))) setOpen(false);
  }

  if (!isOpen) {
    return (
      <div>
        <button type="button" className={button[look]} disabled={!isReady} onClick={() => setOpen(true)}>
          {label}
        </button>
      </div>
    );
  }
  return (
    <form method="post" aria-label={label} onSubmit={submit} className="grid gap-4 rounded-md border border-line p-4">
      {children}
      {asks && (
        <Field label="Your password" name="password" type="password" autoComplete="current-password" autoFocus />
      )}
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className={button.primary} disabled={busy}>
          {confirm}
        </button>
        <button type="button" className={button.quiet} onClick={() => setOpen(false)}>
          Cancel
        </button>
      </div>
    </form>
  );
}
