"use client";

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { send } from "#app/components/send.ts";
import type { FeedbackKind, FeedbackView } from "#lib/domain.ts";
import { FeedbackDialog } from "./feedback-dialog.tsx";
import { type FeedbackPlace, feedbackAt, withFeedback } from "./own-feedback.ts";

export interface Subject extends FeedbackPlace {
  /** The sentence's words; null for the whole answer. */
  text: string | null;
}

export interface OwnFeedback {
  at: (place: FeedbackPlace) => FeedbackView | null;
  /** Both throw RequestError. */
  give: (place: FeedbackPlace, said: { kind: FeedbackKind; note: string }) => Promise<void>;
  withdraw: (place: FeedbackPlace) => Promise<void>;
  /** Opens the one dialog in which a problem is told. */
  open: (subject: Subject) => void;
}

const Context = createContext<OwnFeedback | null>(null);

/** What the reader said here; null outside of a conversation, where nothing can be said. */
export function useFeedback(): OwnFeedback | null {
  return useContext(Context);
}

export interface FeedbackProviderProps {
  conversationId: string;
  initial: FeedbackView[];
  children: ReactNode;
}

/** Keeps what the reader said of a conversation's answers. */
export function FeedbackProvider({ conversationId, initial, children }: FeedbackProviderProps) {
  const [feedback, setFeedback] = useState(initial);
  const [subject, setSubject] = useState<Subject | null>(null);
  const pathOf = useCallback(
    (messageId: string) =>
      `/api/conversations/${encodeURIComponent(conversationId)}/messages/${encodeURIComponent(messageId)}/feedback`,
    [conversationId],
  );
  const own = useMemo<OwnFeedback>(
    () => ({
      at: (place) => feedbackAt(feedback, place),
      give: async (place, said) => {
        const { messageId, sentenceIndex } = place;
        const given = await send<FeedbackView>("PUT", pathOf(messageId), { ...said, sentenceIndex });
        setFeedback((before) => withFeedback(before, place, given));
      },
      withdraw: async (place) => {
        const of = place.sentenceIndex === null ? "" : `?sentence=${place.sentenceIndex}`;
        await send("DELETE", `${pathOf(place.messageId)}${of}`);
        setFeedback((before) => withFeedback(before, place, null));
      },
      open: setSubject,
    }),
    [feedback, pathOf],
  );
  return (
    <Context value={own}>
      {children}
      <FeedbackDialog own={own} subject={subject} onClose={() => setSubject(null)} />
    </Context>
  );
}
