"use client";

import { useRef, useState } from "react";
import { Badge } from "#app/components/badges.tsx";
import type { CollectionView, QuestionFilters } from "#lib/domain.ts";
import { Answer } from "./answer.tsx";
import { filterChips, type Scope } from "./filters.ts";
import { FollowUps } from "./follow-ups.tsx";
import { type Draft, partsOf, type Turn } from "./state.ts";

export interface TurnViewProps {
  turn: Turn;
  drafts: Record<string, Draft>;
  collections: CollectionView[];
  /** An answer of this conversation is being made. */
  busy: boolean;
  /** It is the last of the conversation: its follow-up questions are offered. */
  isLast: boolean;
  /** Absent for readers who may not write. */
  onRegenerate?: ((messageId: string) => void) | undefined;
  /** Asks a further question of the same collections and filters; absent for readers who may not write. */
  onAsk?: ((question: string, scope: Scope) => void) | undefined;
}

/** A question with its answer; an earlier answer to it can be leafed back to. */
export function TurnView({ turn, drafts, collections, busy, isLast, onRegenerate, onAsk }: TurnViewProps) {
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
    onRegenerate?.(messageId);
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
          <QuestionFilterList filters={question.filters} />
        </article>
      )}
      {answer && (
        <Answer
          key={answer.id}
          message={answer}
          question={question}
          draft={drafts[answer.id] ?? null}
          onRegenerate={busy || !onRegenerate ? undefined : () => regenerate(answer.id)}
          version={count > 1 ? { number, count, onShow: (next) => setLeafed({ number: next, among: count }) } : null}
        />
      )}
      {answer && isLast && (
        <FollowUps
          questions={partsOf(answer, drafts[answer.id] ?? null).followUps}
          messageId={answer.id}
          busy={busy}
          onAsk={
            onAsk &&
            ((next) => {
              place.current?.focus({ preventScroll: true });
              onAsk(next, { collections: question?.collections ?? [], filters: question?.filters ?? {} });
            })
          }
        />
      )}
    </li>
  );
}

/** What the question was narrowed to, under its words. */
function QuestionFilterList({ filters }: { filters: QuestionFilters }) {
  const chips = filterChips(filters);
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters of this question" className="mt-2 flex flex-wrap gap-1.5">
      {chips.map(({ label }) => (
        <li key={label}>
          <Badge>{label}</Badge>
        </li>
      ))}
    </ul>
  );
}
