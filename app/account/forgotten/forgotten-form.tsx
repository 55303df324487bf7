"use client";

import Link from "next/link";
import { type FormEvent, useState } from "react";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { button, textLink } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { Field, Problem } from "../fields.tsx";

export function ForgottenForm({ isMailbox }: { isMailbox: boolean }) {
  const isReady = useHydrated();
  const { busy, problem, act } = useAction();
  const [isSent, setSent] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = new FormData(event.currentTarget).get("email");
    setSent(await act(() => send("POST", "/api/account/forgotten", { email })));
  }

  return (
    <>
      <p className="mt-1.5 text-ink-soft text-sm">We send a link to choose a new one.</p>
      <form method="post" onSubmit={submit} className="mt-6 grid gap-4">
        <Field label="E-mail" name="email" type="email" autoComplete="username" />
        <Problem>{problem}</Problem>
        <button type="submit" className={button.primary} disabled={!isReady || busy}>
          Send the link
        </button>
      </form>
      <p role="status" className="mt-5 text-sm">
        {isSent && "If this address has an account with a password, a link is on its way. It holds for one hour."}{" "}
        {isSent && isMailbox && (
          <a href="/mailbox" className={textLink}>
            Open the development mailbox
          </a>
        )}
      </p>
      <p className="mt-2 text-sm">
        <Link href="/sign-in" className={textLink}>
          Back to signing in
        </Link>
      </p>
    </>
  );
}
