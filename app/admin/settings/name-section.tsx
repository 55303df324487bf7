"use client";

import { type FormEvent, useState } from "react";
import { Problem, Section } from "#app/admin/parts.tsx";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import type { TenantSettings } from "#lib/tenants/index.ts";

export function NameSection({ initial }: { initial: TenantSettings }) {
  const hydrated = useHydrated();
  const [saved, setSaved] = useState(false);
  const { busy, problem, act } = useAction();

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get("name");
    setSaved(false);
    void act(() => send("PATCH", "/api/admin/settings", { name })).then(setSaved);
  }

  return (
    <Section id="organisation" title="Organisation">
      <form className="flex flex-wrap items-end gap-3" onSubmit={save} onInput={() => setSaved(false)}>
        <label className="grid min-w-56 flex-1 gap-1.5 font-medium text-sm sm:max-w-md">
          Name
          <input className={field} name="name" defaultValue={initial.name} required maxLength={200} />
        </label>
        <button type="submit" className={button.secondary} disabled={!hydrated || busy}>
          Save
        </button>
        <p role="status" className="text-ink-soft text-sm">
          {saved ? "Saved." : ""}
        </p>
      </form>
      <div className="mt-2">
        <Problem>{problem}</Problem>
      </div>
      <p className="mt-3 max-w-[65ch] text-ink-soft text-sm">
        {initial.keepsShared
          ? "Your curators keep the shared collections of this installation as well as your own."
          : "Shared collections are kept by the operator of this installation; your curators keep your own."}
      </p>
    </Section>
  );
}
