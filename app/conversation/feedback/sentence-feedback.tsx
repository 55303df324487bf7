"use client";

import { Flag, ThumbsUp } from "lucide-react";
import type { AnswerSentence } from "#lib/domain.ts";
import { useFeedback } from "./feedback-provider.tsx";
import { kindLabels } from "./own-feedback.ts";

export interface SentenceFeedbackProps {
  messageId: string;
  sentence: AnswerSentence;
}

/** At a sentence's end: faint until it is pointed at, reached by keyboard or used. */
export function SentenceFeedback({ messageId, sentence }: SentenceFeedbackProps) {
  const own = useFeedback();
  if (!own) return null;
  const place = { messageId, sentenceIndex: sentence.index };
  const given = own.at(place);
  const Icon = given?.kind === "helpful" ? ThumbsUp : Flag;
  const look = given
    ? given.kind === "helpful"
      ? "bg-accent-wash text-accent-strong"
      : "bg-caution-wash text-caution"
    : "text-ink-faint opacity-0 hover:bg-panel hover:text-ink focus-visible:opacity-100 group-hover/sentence:opacity-100 pointer-coarse:opacity-70";
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={
        given ? `Your feedback on this sentence: ${kindLabels[given.kind].toLowerCase()}` : "Feedback on this sentence"
      }
      title={given ? kindLabels[given.kind] : "Feedback on this sentence"}
      className={`relative -top-px ml-1 inline-flex size-6 items-center justify-center rounded align-middle transition-opacity ${look}`}
      onClick={() => own.open({ ...place, text: sentence.text })}
    >
      <Icon className="size-3.5" aria-hidden="true" />
    </button>
  );
}
