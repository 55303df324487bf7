"use client";

import { Section } from "#app/admin/parts.tsx";
import { send } from "#app/components/send.ts";
import { field } from "#app/components/styles.ts";
import type { TenantSettings } from "#lib/tenants/index.ts";
import { SaveForm } from "./save-form.tsx";

export function NameSection({ initial }: { initial: TenantSettings }) {
  return (
    <Section id="organisation" title="Organisation">
      <SaveForm label="Save" onSave={(form) => send("PATCH", "/api/admin/settings", { name: form.get("name") })}>
        <label className="grid min-w-56 flex-1 gap-1.5 font-medium text-sm sm:max-w-md">
          Name
          <input className={field} name="name" defaultValue={initial.name} required maxLength={200} />
        </label>
      </SaveForm>
      <p className="mt-3 max-w-[65ch] text-ink-soft text-sm">
        {initial.keepsShared
          ? "Your curators keep the shared collections of this installation as well as your own."
          : "Shared collections are kept by the operator of this installation; your curators keep your own."}
      </p>
    </Section>
  );
}
