"use client";

import { useCallback, useEffect, useReducer, useRef, useState, useSyncExternalStore } from "react";
import { againAt } from "#app/components/limit-notice.tsx";
import { messageOf, RequestError, send } from "#app/components/send.ts";
import type { ConversationEvent, ConversationView, MessageView } from "#lib/domain.ts";
import type { Scope } from "./filters.ts";
import { closedReason } from "./sharing/closed-reason.ts";
import { conversationReducer, initialState } from "./state.ts";

export type Connection = "connecting" | "open" | "lost" | "ended";

const firstWait = 1000;
const longestWait = 30_000;
const earlierLimit = 50;

interface EarlierPage {
  messages: MessageView[];
  hasEarlier: boolean;
}

/** One conversation kept in step with the server: its state, its event stream and the writes a reader can make. */
export function useConversation(initial: ConversationView) {
  const [state, dispatch] = useReducer(conversationReducer, initial, initialState);
  const [connection, setConnection] = useState<Connection>("connecting");
  const [problem, setProblem] = useState<string | null>(null);
  /** When what was refused as too much may be tried again. */
  const [again, setAgain] = useState<number | null>(null);
  /** Why the reader may no longer read it. */
  const [closed, setClosed] = useState<string | null>(null);
  const path = `/api/conversations/${encodeURIComponent(state.id)}`;
  const visible = useDocumentVisible();
  const lastEventId = useRef(state.cursor);
  const wait = useRef(firstWait);
  // A read conversation brings its own starting point.
  const seenReadings = useRef(0);
  if (seenReadings.current !== state.readings) {
    seenReadings.current = state.readings;
    lastEventId.current = state.cursor;
  }

  const readAgain = useCallback(async () => {
    dispatch({ type: "read", conversation: await send<ConversationView>("GET", path) });
  }, [path]);

  const { readings, stale } = state;
  useEffect(() => {
    // A hidden tab gives its connection back; browsers open only six to one host. It catches up when seen again.
    if (!visible) return;
    let retry: number | undefined;
    let ended = false;
    const source = new EventSource(
      `${path}/events?after=${encodeURIComponent(lastEventId.current)}&reading=${readings}`,
    );

    function readLater() {
      source.close();
      if (ended) return;
      setConnection("lost");
      retry = window.setTimeout(async () => {
        wait.current = Math.min(longestWait, wait.current * 2);
        try {
          await readAgain();
        } catch (error) {
          if (error instanceof RequestError && [401, 403, 404].includes(error.status)) {
            setConnection("ended");
            if (error.status === 404) setClosed("You no longer take part in this conversation, or it was deleted.");
            setProblem(error.status === 401 ? "You are signed out. Reload the page to sign in again." : error.message);
          } else {
            readLater();
          }
        }
      }, wait.current);
    }

    source.onopen = () => {
      wait.current = firstWait;
      setConnection("open");
    };
    source.onmessage = (message: MessageEvent<string>) => {
      if (message.lastEventId) lastEventId.current = message.lastEventId;
      dispatch({ type: "event", event: JSON.parse(message.data) as ConversationEvent });
    };
    source.addEventListener("failure", (failure: MessageEvent<string>) => {
      const reason = closedReason(failure.data);
      if (reason === null) return readLater();
      source.close();
      setConnection("ended");
      setClosed(reason);
    });
    // The browser reconnects by itself, except when the server refused the stream.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) readLater();
      else setConnection("lost");
    };
    return () => {
      ended = true;
      window.clearTimeout(retry);
      source.close();
    };
  }, [path, readings, visible, readAgain]);

  useEffect(() => {
    if (stale) readAgain().catch((error: unknown) => setProblem(messageOf(error)));
  }, [stale, readAgain]);

  const show = useCallback((messageId: string) => dispatch({ type: "show", messageId }), []);

  /** Sends a write; false, with the reason in `problem`, when it was refused. */
  const attempt = useCallback(async (write: () => Promise<void>): Promise<boolean> => {
    setProblem(null);
    try {
      await write();
      return true;
    } catch (error) {
      setAgain(againAt(error));
      setProblem(messageOf(error));
      return false;
    }
  }, []);

  return {
    state,
    closed,
    connection,
    problem,
    again,
    /** Shows the branch of a message that is loaded. */
    show,
    /**
     * Asks a question as the next of the answer `parentId`; null: as a first question beside the others.
     * Not said: after the newest answer.
     */
    ask: (question: string, scope: Scope, parentId: string | null | undefined, notIdentifiers: string[] = []) =>
      attempt(async () => {
        const posted = await send<{ question: MessageView; answer: MessageView }>("POST", `${path}/messages`, {
          question,
          ...scope,
          parentId,
          notIdentifiers,
        });
        dispatch({ type: "posted", messages: [posted.question, posted.answer] });
      }),
    /** Loads the messages before the first; `onArrival` is called before they are shown. */
    loadEarlier: (onArrival: () => void) =>
      attempt(async () => {
        const before = state.messages[0]?.sequenceId ?? 1;
        const page = await send<EarlierPage>("GET", `${path}/messages?before=${before}&limit=${earlierLimit}`);
        onArrival();
        dispatch({ type: "earlier", messages: page.messages, hasEarlier: page.hasEarlier });
      }),
    stop: (messageId: string) => attempt(() => send("POST", `${path}/messages/${encodeURIComponent(messageId)}/stop`)),
    regenerate: (messageId: string) =>
      attempt(async () => {
        const address = `${path}/messages/${encodeURIComponent(messageId)}/regenerate`;
        const { answer } = await send<{ answer: MessageView }>("POST", address);
        dispatch({ type: "posted", messages: [answer] });
      }),
  };
}

function useDocumentVisible(): boolean {
  return useSyncExternalStore(
    (changed) => {
      document.addEventListener("visibilitychange", changed);
      return () => document.removeEventListener("visibilitychange", changed);
    },
    () => document.visibilityState === "visible",
    () => true,
  );
}
