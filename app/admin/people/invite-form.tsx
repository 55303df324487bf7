"use client";

import { type FormEvent, useRef, useState } from "react";
import { button, field } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import type { Role } from "#lib/auth/permissions.ts";
import { RoleSelect, roleWords } from "./role-select.tsx";

export function InviteForm({
  viewer,
  busy,
  onInvite,
}: {
  viewer: { role: string };
  busy: boolean;
  onInvite: (email: string, role: string) => Promise<boolean>;
}) {
  const hydrated = useHydrated();
  const form = useRef<HTMLFormElement>(null);
  const [role, setRole] = useState<Role>("clinician");

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = new FormData(event.currentTarget).get("email");
    if (await onInvite(String(email), role)) form.current?.reset();
  }

  return (
    <form
      ref={form}
      aria-label="Invite somebody"
      className="rounded-lg border border-line bg-raised p-4"
      onSubmit={submit}
    >
      <div className="flex flex-wrap items-end gap-3">
        <label className="grid min-w-56 flex-1 gap-1.5 font-medium text-sm">
          E-mail address
          <input className={field} name="email" type="email" autoComplete="off" required maxLength={320} />
        </label>
        <div className="grid gap-1.5 font-medium text-sm">
          <span aria-hidden="true">Role</span>
          <RoleSelect
            label="Role of the invited"
            viewerRole={viewer.role}
            value={role}
            onChange={(chosen) => setRole(chosen as Role)}
          />
        </div>
        <button type="submit" className={button.primary} disabled={!hydrated || busy}>
          Invite
        </button>
      </div>
      <p className="mt-2 text-ink-soft text-sm">
        {roleWords[role]} The invitation holds for seven days and can be used once.
      </p>
    </form>
  );
}
