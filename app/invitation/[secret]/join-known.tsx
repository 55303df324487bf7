"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";

/** Whoever has an account joins with it. */
export function JoinKnown({ secret, isSignedIn }: { secret: string; isSignedIn: boolean }) {
  const hydrated = useHydrated();
  const path = usePathname();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  if (!isSignedIn) {
    return (
      <div className="mt-6 grid justify-items-start gap-3">
        <p className="text-ink-soft">You have an account of this address already. Sign in, and you come back here.</p>
        <Link href={`/sign-in?next=${encodeURIComponent(path)}`} className={button.primary}>
          Sign in
        </Link>
      </div>
    );
  }

  async function join() {
    setBusy(true);
    setProblem(null);
    try {
      await send("POST", "/api/invitations/accept", { secret });
      window.location.assign("/");
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }

  return (
    <div className="mt-6 grid justify-items-start gap-3">
      <p role="alert" className="text-danger text-sm empty:hidden">
        {problem}
      </p>
      <button type="button" className={button.primary} disabled={!hydrated || busy} onClick={() => void join()}>
        {busy ? "Joining…" : "Join"}
      </button>
    </div>
  );
}
