"use client";

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import type { ConversationSummary } from "#lib/domain.ts";

export interface ConversationPage {
  conversations: ConversationSummary[];
  /** What to ask for the older ones with; null at the end. */
  next: string | null;
}

interface ConversationList extends ConversationPage {
  problem: string | null;
  /** Reads the newest again. */
  refresh: () => Promise<void>;
  /** Adds the older ones. */
  more: () => Promise<void>;
}

const Context = createContext<ConversationList | null>(null);

/** The reader's conversations, newest first, shared by the sidebar and whatever changes them. */
export function ConversationListProvider({ initial, children }: { initial: ConversationPage; children: ReactNode }) {
  const [page, setPage] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);

  const read = useCallback(async (before: string | null) => {
    try {
      const query = before === null ? "" : `?before=${encodeURIComponent(before)}`;
      const fresh = await send<ConversationPage>("GET", `/api/conversations${query}`);
      setPage((known) =>
        before === null ? fresh : { ...fresh, conversations: joined(known.conversations, fresh.conversations) },
      );
      setProblem(null);
    } catch (error) {
      // The list shown before stays, with the reason why it may be out of date.
      setProblem(messageOf(error));
    }
  }, []);

  const value = useMemo(
    () => ({ ...page, problem, refresh: () => read(null), more: () => read(page.next) }),
    [page, problem, read],
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
