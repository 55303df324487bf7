"use client";

import Link from "next/link";
import { type FormEvent, useState } from "react";
import { Field, Problem } from "#app/account/fields.tsx";
import { messageOf, send } from "#app/components/send.ts";
import { button, textLink } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { CodeForm } from "./code-form.tsx";
import { PasskeyButton } from "./passkey-button.tsx";

/** Password first, a code where the second factor is on; or a passkey, which is both. */
export function SignInForm({ next }: { next: string }) {
  const hydrated = useHydrated();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isHalf, setHalf] = useState(false);
  // A whole new page, so that nothing of an earlier reader stays in memory.
  const enter = () => window.location.assign(next);

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const body = { email: form.get("email"), password: form.get("password") };
      const { secondFactor } = await send<{ secondFactor: boolean }>("POST", "/api/auth/sign-in/email", body);
      if (!secondFactor) return enter();
      setHalf(true);
    } catch (error) {
      setProblem(messageOf(error));
    }
    setBusy(false);
  }

  function beginAgain(error: unknown) {
    setHalf(false);
    setProblem(messageOf(error));
  }

  if (isHalf) return <CodeForm onRight={enter} onLost={beginAgain} />;
  return (
    <>
      <form method="post" onSubmit={signIn} className="mt-6 grid gap-4">
        <Field label="E-mail" name="email" type="email" autoComplete="username webauthn" />
        <Field label="Password" name="password" type="password" autoComplete="current-password" />
        <Problem>{problem}</Problem>
        <button type="submit" className={button.primary} disabled={!hydrated || busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
      <PasskeyButton onRight={enter} onProblem={setProblem} />
      <p className="mt-4 text-sm">
        <Link href="/account/forgotten" className={textLink}>
          Forgotten your password?
        </Link>
      </p>
      <p className="mt-4 text-ink-faint text-xs">
        The first administrator's e-mail and password were printed where Probatum was started for the first time.
      </p>
    </>
  );
}
