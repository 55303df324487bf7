"use client";

import { useRef, useState } from "react";
import type { CollectionView } from "#lib/domain.ts";
import { Answer } from "./answer.tsx";
import type { Draft, Turn } from "./state.ts";

export interface TurnViewProps {
  turn: Turn;
  drafts: Record<string, Draft>;
  collections: CollectionView[];
  /** An answer of this conversation is being made. */
  busy: boolean;
  onRegenerate: (messageId: string) => void;
}

/** A question with its answer; an earlier answer to it can be leafed back to. */
export function TurnView({ turn, drafts, collections, busy, onRegenerate }: TurnViewProps) {
  const { question, answers } = turn;
  const count = answers.length;
  // The newest is shown unless the reader has leafed back; another answer given meanwhile comes to the front.
  const [leafed, setLeafed] = useState<{ number: number; among: number } | null>(null);
  const number = leafed && leafed.among === count ? leafed.number : count;
  const answer = answers[number - 1];
  const place = useRef<HTMLLIElement>(null);

  function regenerate(messageId: string) {
    // The button goes away while the answer is made; the focus stays with its turn.
    place.current?.focus({ preventScroll: true });
    onRegenerate(messageId);
  }
  const asked = question?.collections.map(
    (slug) => collections.find((collection) => collection.slug === slug)?.title ?? slug,
  );

  return (
    <li ref={place} tabIndex={-1} className="grid gap-6 outline-none">
      {question && (
        <article aria-labelledby={`heading-${question.id}`} className="rounded-lg bg-panel px-4 py-3">
          <h2 id={`heading-${question.id}`} className="label-caps">
            Question
          </h2>
          <p className="mt-0.5 max-w-[70ch] whitespace-pre-wrap font-medium text-[1.0625rem] leading-normal">
            {question.content}
          </p>
          {asked && asked.length > 0 && <p className="mt-1 text-ink-faint text-xs">Put to: {asked.join(", ")}</p>}
        </article>
      )}
      {answer && (
        <Answer
          key={answer.id}
          message={answer}
          question={question}
          draft={drafts[answer.id] ?? null}
          onRegenerate={busy ? undefined : () => regenerate(answer.id)}
          version={count > 1 ? { number, count, onShow: (next) => setLeafed({ number: next, among: count }) } : null}
        />
      )}
    </li>
  );
}
