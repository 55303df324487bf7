"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { Problem } from "#app/admin/parts.tsx";
import { useAction } from "#app/admin/use-action.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";

/** Fields in a row that are saved together, and below them what came of it. */
export function SaveForm({
  label,
  onSave,
  children,
}: {
  label: string;
  onSave: (form: FormData) => Promise<unknown>;
  children: ReactNode;
}) {
  const hydrated = useHydrated();
  const [saved, setSaved] = useState(false);
  const { busy, problem, act } = useAction();

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setSaved(false);
    void act(() => onSave(form)).then(setSaved);
  }

  return (
    <>
      <form className="flex flex-wrap items-end gap-3" onSubmit={save} onInput={() => setSaved(false)}>
        {children}
        <button type="submit" className={button.secondary} disabled={!hydrated || busy}>
          {label}
        </button>
        <p role="status" className="text-ink-soft text-sm">
          {saved ? "Saved." : ""}
        </p>
      </form>
      <div className="mt-2">
        <Problem>{problem}</Problem>
      </div>
    </>
  );
}
