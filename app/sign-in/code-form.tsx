"use client";

import { type FormEvent, useState } from "react";
import { Field, Problem } from "#app/account/fields.tsx";
import { messageOf, RequestError, send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";

interface CodeFormProps {
  onRight: () => void;
  /** The time for it has run out, or it was tried too often. */
  onLost: (error: unknown) => void;
}

export function CodeForm({ onRight, onLost }: CodeFormProps) {
  const [isBackup, setBackup] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function verify(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = new FormData(event.currentTarget).get("code");
    setBusy(true);
    setProblem(null);
    try {
      await send("POST", `/api/auth/two-factor/verify-${isBackup ? "backup-code" : "totp"}`, { code });
      return onRight();
    } catch (error) {
      if (error instanceof RequestError && /begin again/i.test(error.message)) return onLost(error);
      setProblem(messageOf(error));
    }
    setBusy(false);
  }

  return (
    <form method="post" onSubmit={verify} className="mt-6 grid gap-4">
      {isBackup ? (
        <Field key="backup" label="Backup code" name="code" autoComplete="off" autoFocus />
      ) : (
        <Field
          key="code"
          label="Code"
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
          hint="Six figures, from your authenticator application."
          autoFocus
        />
      )}
      <Problem>{problem}</Problem>
      <button type="submit" className={button.primary} disabled={busy}>
        {busy ? "Signing in…" : "Go on"}
      </button>
      <button type="button" className={button.quiet} onClick={() => setBackup(!isBackup)}>
        {isBackup ? "Use a code of the application" : "Use a backup code"}
      </button>
    </form>
  );
}
