"use client";

import Link from "next/link";
import { type FormEvent, useState } from "react";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { button, textLink } from "#app/components/styles.ts";
import { Field, Problem, passwordHint } from "../fields.tsx";
import { useLinkSecret } from "../read-secret.ts";

export function ResetForm() {
  const token = useLinkSecret();
  const { busy, problem, act } = useAction();
  const [isDone, setDone] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    setDone(await act(() => send("POST", "/api/account/reset", { token, password })));
  }

  if (isDone) {
    return (
      <p role="status" className="mt-3 text-sm">
        Your password is changed and every session of yours has ended.{" "}
        <Link href="/sign-in" className={textLink}>
          Sign in
        </Link>
      </p>
    );
  }
  return (
    <form method="post" onSubmit={submit} className="mt-6 grid gap-4">
      <Field label="New password" name="password" type="password" autoComplete="new-password" hint={passwordHint} />
      <Problem>{token === "" ? "This link is not whole. Open it from the mail once more." : problem}</Problem>
      <button type="submit" className={button.primary} disabled={!token || busy}>
        Set the password
      </button>
      <p className="text-sm">
        <Link href="/account/forgotten" className={textLink}>
          Ask for a new link
        </Link>
      </p>
    </form>
  );
}
