"use client";

import { useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";

export function JoinButton({ secret }: { secret: string }) {
  const hydrated = useHydrated();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function join() {
    setBusy(true);
    setProblem(null);
    try {
      const { conversationId } = await send<{ conversationId: string }>("POST", "/api/join", { secret });
      // A whole new page: the list of conversations has one more.
      window.location.assign(`/c/${encodeURIComponent(conversationId)}`);
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
