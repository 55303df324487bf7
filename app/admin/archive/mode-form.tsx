"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { type ArchiveMode, archiveModes } from "#lib/archive/views.ts";
import { Problem } from "../parts.tsx";
import { useAction } from "../use-action.ts";
import { modeLabels } from "./words.ts";

/** How much the archive shows; each change is recorded. */
export function ModeForm({ mode }: { mode: ArchiveMode }) {
  const router = useRouter();
  const [chosen, setChosen] = useState(mode);
  const { busy, problem, act } = useAction();
  return (
    <form
      aria-label="How much the archive shows"
      className="mt-3 grid max-w-xl gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          await send("PUT", "/api/admin/archive/mode", { mode: chosen });
          router.refresh();
        });
      }}
    >
      <label htmlFor="archive-mode" className="grid gap-1">
        <span className="label-caps">How much the archive shows</span>
        <select
          id="archive-mode"
          className={field}
          value={chosen}
          onChange={(event) => setChosen(event.target.value as ArchiveMode)}
        >
          {archiveModes.map((one) => (
            <option key={one} value={one}>
              {modeLabels[one]}
            </option>
          ))}
        </select>
      </label>
      <p className="text-ink-soft text-sm">
        Only an owner switches it off, or lets more be seen again. Every change is recorded in the audit log.
      </p>
      <Problem>{problem}</Problem>
      <button type="submit" className={`${button.secondary} w-fit`} disabled={busy || chosen === mode}>
        Change
      </button>
    </form>
  );
}
