"use client";

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import type { ConversationSummary } from "#lib/domain.ts";

export interface ConversationPage {
  conversations: ConversationSummary[];
  /** What to ask for the older ones with; null at the end. */
  next: string | null;
  /** Every label the reader uses. */
  labels: string[];
}

interface ConversationList extends ConversationPage {
  /** The label that the list is narrowed to; null: all of them. */
  label: string | null;
  showLabel: (label: string | null) => void;
  /** The first page of all conversations, whatever label the list is narrowed to. */
  recent: ConversationSummary[];
  problem: string | null;
  /** Reads the newest again. */
  refresh: () => Promise<void>;
  /** Adds the older ones. */
  more: () => Promise<void>;
}

const Context = createContext<ConversationList | null>(null);

const pageSize = 30;
const mostAtOnce = 100;
/** How often a page that is looked at asks whether others have written, in milliseconds. */
const pulse = 30_000;

/**
 * The reader's conversations, pinned ones first and then newest first, shared by the sidebar and whatever changes
 * them. Read again when the window is come back to, and now and then while it is looked at.
 */
export function ConversationListProvider({ initial, children }: { initial: ConversationPage; children: ReactNode }) {
  const [page, setPage] = useState(initial);
  const [recent, setRecent] = useState(initial.conversations);
  const [label, setLabel] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const count = page.conversations.length;
  // Answers may overtake one another: only the one asked for last counts.
  const readings = useRef(0);

  const read = useCallback(async (narrowed: string | null, before: string | null, limit: number) => {
    readings.current += 1;
    const reading = readings.current;
    try {
      const asked = new URLSearchParams({ limit: String(limit) });
      if (narrowed !== null) asked.set("label", narrowed);
      if (before !== null) asked.set("before", before);
      const fresh = await send<ConversationPage>("GET", `/api/conversations?${asked}`);
      if (reading !== readings.current) return;
      setPage((known) =>
        before === null ? fresh : { ...fresh, conversations: joined(known.conversations, fresh.conversations) },
      );
      if (narrowed === null && before === null) setRecent(fresh.conversations);
      // The last conversation under it has gone.
      if (narrowed !== null && !fresh.labels.includes(narrowed)) setLabel(null);
      setProblem(null);
    } catch (error) {
      // The list shown before stays, with the reason why it may be out of date.
      if (reading === readings.current) setProblem(messageOf(error));
    }
  }, []);

  // As many as are shown, so that a list which was lengthened stays so.
  const shown = Math.min(Math.max(count, pageSize), mostAtOnce);
  const refresh = useCallback(() => read(label, null, shown), [read, label, shown]);
  const seenLabel = useRef<string | null>(null);

  useEffect(() => {
    if (seenLabel.current === label) return;
    seenLabel.current = label;
    void read(label, null, pageSize);
  }, [label, read]);

  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") void refresh();
    };
    const timer = window.setInterval(look, pulse);
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [refresh]);

  const value = useMemo(
    () => ({
      ...page,
      label,
      showLabel: setLabel,
      recent,
      problem,
      refresh,
      more: () => read(label, page.next, pageSize),
    }),
    [page, label, recent, problem, refresh, read],
  );
  return <Context value={value}>{children}</Context>;
}

export function useConversationList(): ConversationList {
  const list = useContext(Context);
  if (!list) throw new Error("useConversationList is used outside ConversationListProvider");
  return list;
}

function joined(known: ConversationSummary[], older: ConversationSummary[]): ConversationSummary[] {
  return [...known, ...older.filter((conversation) => !known.some((other) => other.id === conversation.id))];
}
