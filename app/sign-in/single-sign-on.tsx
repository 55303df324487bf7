"use client";

import { type FormEvent, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";

/** Finds the organisation by the domain of an address and goes to its own sign-in. */
export function SingleSignOn({ next }: { next: string }) {
  const hydrated = useHydrated();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function go(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const email = new FormData(event.currentTarget).get("work-email");
    setBusy(true);
    setProblem(null);
    try {
      const { url } = await send<{ url: string }>("POST", "/api/auth/sign-in/sso", { email, next });
      window.location.assign(url);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }

  return (
    <details className="mt-6 border-line border-t pt-4">
      <summary className="cursor-pointer text-sm">Sign in through your organisation</summary>
      <form aria-label="Single sign-on" className="mt-3 grid gap-3" onSubmit={go}>
        <label className="grid gap-1.5 font-medium text-sm">
          Your address at work
          <input className={field} name="work-email" type="email" autoComplete="email" required maxLength={320} />
        </label>
        <p role="alert" className="text-danger text-sm empty:hidden">
          {problem}
        </p>
        <button type="submit" className={button.secondary} disabled={!hydrated || busy}>
          Go on
        </button>
      </form>
    </details>
  );
}
