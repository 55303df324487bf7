"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useRef } from "react";
import type { Line } from "./branches.ts";
import type { ConversationState } from "./state.ts";

export interface LinkedMessageOptions {
  state: Pick<ConversationState, "messages" | "hasEarlier">;
  line: Line;
  show: (messageId: string) => void;
  /** Resolves with whether the earlier messages could be loaded. */
  loadEarlier: (onArrival: () => void) => Promise<boolean>;
}

const mark = ["rounded-lg", "outline-2", "outline-quote-line", "outline-offset-8", "scroll-mt-6"];

/**
 * Brings the message that the address names (`?message=`) into view and marks it: earlier messages are loaded until it
 * is there, and its branch is shown.
 */
export function useLinkedMessage({ state, line, show, loadEarlier }: LinkedMessageOptions): void {
  const wanted = useSearchParams().get("message");
  const settled = useRef<string | null>(null);
  const marked = useRef<Element | null>(null);
  const isLoading = useRef(false);

  useEffect(() => {
    if (wanted === null || settled.current === wanted || isLoading.current) return;
    if (!state.messages.some(({ id }) => id === wanted)) {
      if (!state.hasEarlier) {
        settled.current = wanted; // it is gone, or was never here: the conversation is shown as it is
        return;
      }
      isLoading.current = true;
      const arrived = () => {
        isLoading.current = false; // before they are shown, which looks again
      };
      void loadEarlier(arrived).then((isLoaded) => {
        arrived();
        if (!isLoaded) settled.current = wanted; // the page says why
      });
      return;
    }
    if (!line.some(({ id }) => id === wanted)) {
      show(wanted);
      return;
    }
    settled.current = wanted;
    const element = document.getElementById(`answer-${wanted}`) ?? document.getElementById(`question-${wanted}`);
    if (!element) return;
    marked.current?.classList.remove(...mark);
    marked.current = element;
    element.classList.add(...mark);
    element.setAttribute("tabindex", "-1");
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "start" });
  });
}
