"use client";

import { type FormEvent, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";

/** A new person's name and password; they are signed in with it. */
export function AcceptForm({ secret, email }: { secret: string; email: string }) {
  const hydrated = useHydrated();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function join(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = form.get("password");
    setBusy(true);
    setProblem(null);
    try {
      await send("POST", "/api/invitations", { secret, name: form.get("name"), password });
      await send("POST", "/api/auth/sign-in/email", { email, password });
      window.location.assign("/");
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }

  return (
    <form method="post" onSubmit={join} className="mt-6 grid gap-4">
      {/* Password managers file the password under it. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <label className="grid gap-1.5 font-medium text-sm">
        Your name
        <input className={field} name="name" autoComplete="name" required maxLength={200} aria-describedby="problem" />
      </label>
      <label className="grid gap-1.5 font-medium text-sm">
        A password
        <input
          className={field}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          maxLength={128}
          required
          aria-describedby="password-hint problem"
        />
      </label>
      <p id="password-hint" className="-mt-2 text-ink-faint text-xs">
        At least 12 characters. A few words that do not belong together are easy to keep and hard to guess.
      </p>
      <p id="problem" role="alert" className="text-danger text-sm empty:hidden">
        {problem}
      </p>
      <button type="submit" className={button.primary} disabled={!hydrated || busy}>
        {busy ? "Joining…" : "Join"}
      </button>
    </form>
  );
}
