"use client";

import { useEffect, useRef } from "react";
import { RequestError, send } from "#app/components/send.ts";
import { useConversationList } from "#app/workspace/conversation-list.tsx";
import type { MessageView, ParticipantView } from "#lib/domain.ts";

/** Milliseconds for which what comes on screen is gathered into one mark. */
const gather = 800;

export interface ReadMarkProps {
  conversationId: string;
  messages: MessageView[];
  readerId: string;
  /** Who took part when the page was made: it says how far its reader had read. */
  initial: ParticipantView[];
}

/**
 * Marks as read what has stood on the screen of a visible tab, and with it everything before. A message stands there
 * under the id `answer-…` or `question-…`.
 */
export function ReadMark({ conversationId, messages, readerId, initial }: ReadMarkProps) {
  const { refresh } = useConversationList();
  const readTo = initial.find(({ id }) => id === readerId)?.lastRead ?? 0;
  const marked = useRef(readTo);
  const seen = useRef(readTo);

  useEffect(() => {
    let timer: number | undefined;
    const elements = new Map<Element, number>();

    async function mark() {
      timer = undefined;
      const sequenceId = seen.current;
      if (document.visibilityState !== "visible" || sequenceId <= marked.current) return;
      const before = marked.current;
      marked.current = sequenceId;
      try {
        await send("POST", `/api/conversations/${encodeURIComponent(conversationId)}/read`, { sequenceId });
        await refresh();
      } catch (error) {
        // Sent again with the next one that is seen; not by who may no longer read.
        if (!(error instanceof RequestError) || error.status !== 404) marked.current = before;
      }
    }
    function later() {
      timer ??= window.setTimeout(mark, gather);
    }
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        const sequenceId = elements.get(target);
        if (!isIntersecting || sequenceId === undefined || document.visibilityState !== "visible") continue;
        seen.current = Math.max(seen.current, sequenceId);
      }
      if (seen.current > marked.current) later();
    });
    function observe() {
      observer.disconnect();
      elements.clear();
      if (document.visibilityState !== "visible") return;
      for (const { id, sequenceId } of messages) {
        if (sequenceId <= marked.current) continue;
        const element = document.getElementById(`answer-${id}`) ?? document.getElementById(`question-${id}`);
        if (!element) continue;
        elements.set(element, sequenceId);
        observer.observe(element);
      }
    }
    observe();
    document.addEventListener("visibilitychange", observe);
    return () => {
      window.clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener("visibilitychange", observe);
    };
  }, [conversationId, messages, refresh]);
  return null;
}
