"use client";

import { useState } from "react";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import type { ReviewedFeedback } from "#lib/feedback/index.ts";
import { type FeedbackQuery, parametersOf } from "./feedback-address.ts";
import { FeedbackItem } from "./feedback-item.tsx";
import { Empty, Problem } from "./parts.tsx";
import { useAction } from "./use-action.ts";

export interface FeedbackPage {
  feedback: ReviewedFeedback[];
  next: string | null;
}

/** What readers said, the last first. One that is resolved here stays in sight until the page is opened again. */
export function FeedbackList({ initial, query }: { initial: FeedbackPage; query: FeedbackQuery }) {
  const [{ feedback, next }, setPage] = useState(initial);
  const { busy, problem, act } = useAction();
  if (feedback.length === 0) return <Empty>Nothing has been said that fits this.</Empty>;

  const more = () =>
    act(async () => {
      const search = parametersOf(query);
      search.set("before", next ?? "");
      const older = await send<FeedbackPage>("GET", `/api/admin/feedback?${search}`);
      setPage({ feedback: [...feedback, ...older.feedback], next: older.next });
    });
  const resolve = (id: string, resolved: boolean) =>
    act(async () => {
      await send("PATCH", `/api/admin/feedback/${encodeURIComponent(id)}`, { resolved });
      const resolvedAt = resolved ? new Date().toISOString() : null;
      const changed = feedback.map((one) => (one.id === id ? { ...one, resolvedAt, resolvedBy: null } : one));
      setPage({ feedback: changed, next });
    });

  return (
    <>
      <ul aria-label="Feedback" className="divide-y divide-line border-line border-y">
        {feedback.map((one) => (
          <FeedbackItem
            key={one.id}
            feedback={one}
            busy={busy}
            onResolve={(resolved) => void resolve(one.id, resolved)}
          />
        ))}
      </ul>
      <div className="mt-3 grid justify-items-start gap-2">
        <Problem>{problem}</Problem>
        {next !== null && (
          <button type="button" className={button.secondary} disabled={busy} onClick={() => void more()}>
            Earlier ones
          </button>
        )}
      </div>
    </>
  );
}
