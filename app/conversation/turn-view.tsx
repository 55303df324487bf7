"use client";

import { useRef } from "react";
import type { CollectionView, MessageView } from "#lib/domain.ts";
import { Answer } from "./answer.tsx";
import type { Turn } from "./branches.ts";
import type { Scope } from "./filters.ts";
import { FollowUps } from "./follow-ups.tsx";
import { QuestionView } from "./question-view.tsx";
import { type Draft, partsOf } from "./state.ts";

export interface TurnViewProps {
  turn: Turn;
  drafts: Record<string, Draft>;
  collections: CollectionView[];
  /** An answer of this branch is being made. */
  busy: boolean;
  /** It is the last of the branch: its follow-up questions are offered. */
  isLast: boolean;
  /** The reader, and whether questions say who asked them. */
  readerId: string;
  isShared: boolean;
  /** Shows another version of the question or the answer. */
  onShow: (messageId: string) => void;
  /** Absent for readers who may not write. */
  onRegenerate?: ((messageId: string) => void) | undefined;
  /** Asks the question in other words, as a version of it; absent for readers who may not write. */
  onEdit?: ((question: MessageView, words: string, notIdentifiers: string[]) => Promise<boolean>) | undefined;
  /** Asks a further question of the same collections and filters; absent for readers who may not write. */
  onAsk?: ((question: string, scope: Scope) => void) | undefined;
}

/** A question with its answer, each in the version that is shown. */
export function TurnView(props: TurnViewProps) {
  const { turn, drafts, collections, busy, isLast, readerId, isShared, onShow, onRegenerate, onEdit, onAsk } = props;
  const { question, answer } = turn;
  const asked = question?.message ?? null;
  const isOwn = asked?.senderId === readerId;
  const place = useRef<HTMLLIElement>(null);

  function regenerate(messageId: string) {
    // The button goes away while the answer is made; the focus stays with its turn.
    place.current?.focus({ preventScroll: true });
    onRegenerate?.(messageId);
  }

  return (
    <li ref={place} tabIndex={-1} className="grid gap-6 outline-none">
      {question && (
        <QuestionView
          shown={question}
          collections={collections}
          askedBy={isShared && !isOwn ? question.message.senderName : null}
          onShow={onShow}
          onEdit={isOwn && onEdit ? (words, left) => onEdit(question.message, words, left) : undefined}
        />
      )}
      {answer && (
        <Answer
          shown={answer}
          question={asked}
          draft={drafts[answer.message.id] ?? null}
          onShow={onShow}
          onRegenerate={busy || !onRegenerate ? undefined : () => regenerate(answer.message.id)}
        />
      )}
      {answer && isLast && (
        <FollowUps
          questions={partsOf(answer.message, drafts[answer.message.id] ?? null).followUps}
          messageId={answer.message.id}
          busy={busy}
          onAsk={
            onAsk &&
            ((next) => {
              place.current?.focus({ preventScroll: true });
              onAsk(next, { collections: asked?.collections ?? [], filters: asked?.filters ?? {} });
            })
          }
        />
      )}
    </li>
  );
}
