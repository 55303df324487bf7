"use client";

import { useState } from "react";
import { messageOf } from "./send.ts";
import { button } from "./styles.ts";
import { useHydrated } from "./use-hydrated.ts";

/** Joins, and goes on to the address that `join` gives: a whole new page, since what one may see has changed. */
export function JoinButton({ join }: { join: () => Promise<string> }) {
  const hydrated = useHydrated();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function press() {
    setBusy(true);
    setProblem(null);
    try {
      window.location.assign(await join());
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
      <button type="button" className={button.primary} disabled={!hydrated || busy} onClick={() => void press()}>
        {busy ? "Joining…" : "Join"}
      </button>
    </div>
  );
}
