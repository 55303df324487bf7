"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { Field, Problem, passwordHint } from "./fields.tsx";

/** @param goOn where to go when it is changed; stays where it is without */
export function PasswordForm({ goOn }: { goOn?: string }) {
  const isReady = useHydrated();
  const router = useRouter();
  const { busy, problem, act } = useAction();
  const [isDone, setDone] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const { current, password } = Object.fromEntries(new FormData(form));
    const changed = await act(() => send("POST", "/api/account/password", { current, password }));
    setDone(changed);
    if (!changed) return;
    form.reset();
    if (goOn) window.location.assign(goOn);
    else router.refresh();
  }

  return (
    <form method="post" onSubmit={submit} className="grid gap-4">
      <Field label="Current password" name="current" type="password" autoComplete="current-password" />
      <Field label="New password" name="password" type="password" autoComplete="new-password" hint={passwordHint} />
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className={button.primary} disabled={!isReady || busy}>
          Change the password
        </button>
        <p role="status" className="text-sm">
          {isDone && "Changed. Other sessions of yours have ended."}
        </p>
      </div>
    </form>
  );
}
