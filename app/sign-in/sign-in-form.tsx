"use client";

import { type FormEvent, useState } from "react";
import { RequestError, send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";

export function SignInForm({ next }: { next: string }) {
  const hydrated = useHydrated();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      await send("POST", "/api/auth/sign-in/email", { email: form.get("email"), password: form.get("password") });
      // A whole new page, so that nothing of an earlier reader stays in memory.
      window.location.assign(next);
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  }

  return (
    <form method="post" onSubmit={signIn} className="mt-6 grid gap-4">
      <label className="grid gap-1.5 font-medium text-sm">
        E-mail
        <input
          className={field}
          name="email"
          type="email"
          autoComplete="username"
          required
          aria-describedby="problem"
        />
      </label>
      <label className="grid gap-1.5 font-medium text-sm">
        Password
        <input
          className={field}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          aria-describedby="problem"
        />
      </label>
      <p id="problem" role="alert" className="text-danger text-sm empty:hidden">
        {problem}
      </p>
      <button type="submit" className={button.primary} disabled={!hydrated || busy}>
        {busy ? "Signing in…" : "Sign in"}
      </button>
      <p className="text-ink-faint text-xs">
        The first administrator's e-mail and password were printed where Probatum was started for the first time.
      </p>
    </form>
  );
}

function problemOf(error: unknown): string {
  if (!(error instanceof RequestError)) return "Something went wrong in this page. Reload it and try again.";
  if (error.status === 401) return "The e-mail or the password is not right.";
  if (error.status === 429) return "Too many attempts. Wait a minute and try again.";
  return error.message;
}
