"use client";

import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { Problem } from "./fields.tsx";

export function RenamePasskey({ id, name, onDone }: { id: string; name: string; onDone: () => void }) {
  const router = useRouter();
  const { busy, problem, act } = useAction();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).get("name");
    if (!(await act(() => send("PATCH", `/api/account/passkeys/${id}`, { name: chosen })))) return;
    router.refresh();
    onDone();
  }

  return (
    <form method="post" onSubmit={submit} className="flex w-full flex-wrap items-center gap-2">
      <input
        className={`${field} max-w-60`}
        name="name"
        aria-label={`New name of ${name}`}
        defaultValue={name}
        required
      />
      <button type="submit" className={button.secondary} disabled={busy}>
        Save
      </button>
      <button type="button" className={button.quiet} onClick={onDone}>
        Cancel
      </button>
      <Problem>{problem}</Problem>
    </form>
  );
}
