"use client";

import { Flag, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { messageOf } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { useFeedback } from "./feedback-provider.tsx";
import { kindLabels } from "./own-feedback.ts";

/** What the reader says of a whole answer: that it helped, or what is wrong with it. Pressing again takes it back. */
export function AnswerFeedback({ messageId }: { messageId: string }) {
  const own = useFeedback();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (!own) return null;
  const place = { messageId, sentenceIndex: null };
  const given = own.at(place);
  const isHelpful = given?.kind === "helpful";
  const isProblem = given !== null && !isHelpful;

  async function toggle(from: NonNullable<typeof own>) {
    setBusy(true);
    setProblem(null);
    try {
      await (isHelpful ? from.withdraw(place) : from.give(place, { kind: "helpful", note: "" }));
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <button
        type="button"
        aria-pressed={isHelpful}
        aria-disabled={busy || undefined}
        className={`${button.quiet} aria-pressed:text-accent-strong`}
        onClick={() => void (busy || toggle(own))}
      >
        <ThumbsUp className={`size-4 ${isHelpful ? "fill-accent-wash text-accent" : ""}`} aria-hidden="true" />
        Helpful
      </button>
      <button
        type="button"
        aria-haspopup="dialog"
        className={`${button.quiet} ${isProblem ? "text-caution" : ""}`}
        onClick={() => own.open({ ...place, text: null })}
      >
        <Flag className={`size-4 ${isProblem ? "fill-caution-wash text-caution" : ""}`} aria-hidden="true" />
        {isProblem ? `Reported: ${kindLabels[given.kind].toLowerCase()}` : "Report a problem"}
      </button>
      <span role="alert" className="text-danger text-xs empty:hidden">
        {problem}
      </span>
    </>
  );
}
