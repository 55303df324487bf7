"use client";

import { Clock } from "lucide-react";
import { useEffect, useState } from "react";
import { RequestError } from "./send.ts";

/** When what was refused as too much may be tried again, as `Date.now()` has it; null for any other error. */
export function againAt(error: unknown): number | null {
  if (!(error instanceof RequestError) || error.status !== 429) return null;
  return Date.now() + 1000 * (error.retryAfterSeconds ?? 5);
}

/**
 * That a limit was reached: what was too much, when it may be done again, and that nothing is lost. The seconds run for
 * those who see them; who listens is told once at the beginning and once at the end.
 */
export function LimitNotice({ message, until }: { message: string; until: number }) {
  const [left, setLeft] = useState(() => secondsUntil(until));
  useEffect(() => {
    setLeft(secondsUntil(until));
    const timer = window.setInterval(() => setLeft(secondsUntil(until)), 500);
    return () => window.clearInterval(timer);
  }, [until]);
  return (
    <section
      aria-label="Limit reached"
      className="flex gap-2.5 rounded-lg border border-caution-line bg-caution-wash px-3.5 py-2.5 text-caution text-sm"
    >
      <Clock className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div>
        <p role="alert">{message} Your question is kept below.</p>
        {left > 0 ? (
          <p className="tabular mt-0.5" aria-hidden="true">
            {left < 120 ? `${left} s` : `${Math.ceil(left / 60)} minutes`} to go
          </p>
        ) : null}
        <p role="status" className="mt-0.5 font-medium empty:hidden">
          {left > 0 ? "" : "You can ask again now."}
        </p>
      </div>
    </section>
  );
}

function secondsUntil(time: number): number {
  return Math.max(0, Math.ceil((time - Date.now()) / 1000));
}

/** What went wrong with asking: a limit with its time, or any other refusal in its words. */
export function AskProblem({ problem, until }: { problem: string | null; until: number | null }) {
  if (problem !== null && until !== null) return <LimitNotice message={problem} until={until} />;
  return (
    <p role="alert" className="rounded-md bg-danger-wash px-3 py-2 text-danger text-sm empty:hidden">
      {problem}
    </p>
  );
}
