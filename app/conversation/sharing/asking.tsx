"use client";

import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef } from "react";
import { send } from "#app/components/send.ts";
import type { ParticipantView, Presence } from "#lib/domain.ts";
import { askingLine } from "./words.ts";

export interface AskingLineProps {
  present: Presence[];
  participants: ParticipantView[];
  readerId: string;
}

/** Who else is writing a question, above the box. */
export function AskingLine({ present, participants, readerId }: AskingLineProps) {
  return (
    <p role="status" aria-label="Who is asking" className="px-1 text-ink-soft text-sm empty:sr-only">
      {askingLine(present, participants, readerId)}
    </p>
  );
}

const repeat = 3000;

/** Tells the others, while the reader types in the box within, that they are writing a question. */
export function AskingSignal(props: { conversationId: string; isShared: boolean; children: ReactNode }) {
  const { conversationId, isShared, children } = props;
  const path = `/api/conversations/${encodeURIComponent(conversationId)}/presence`;
  const toldAt = useRef(0);

  const tell = useCallback(
    (asking: boolean) => {
      const now = Date.now();
      if (asking ? now - toldAt.current < repeat : toldAt.current === 0) return;
      toldAt.current = asking ? now : 0;
      // Of no weight: what could not be told is told three seconds later, or ends by itself.
      send("POST", path, { asking }).catch(() => undefined);
    },
    [path],
  );
  useEffect(() => () => tell(false), [tell]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) tell(false);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what is typed in the box within
    <div
      onInput={(event) => {
        if (!isShared || !(event.target instanceof HTMLTextAreaElement)) return;
        tell(event.target.value.trim() !== "");
      }}
      onKeyDown={onKeyDown}
      onSubmit={() => tell(false)}
    >
      {children}
    </div>
  );
}
