"use client";

import { useCallback, useRef } from "react";
import { Conversation } from "#app/conversation/conversation.tsx";
import type { CollectionView, ConversationView } from "#lib/domain.ts";
import { useConversationList } from "./conversation-list.tsx";

/** A conversation that keeps its line in the list of conversations true. */
export function ListedConversation({
  initial,
  collections,
  mayAsk,
}: {
  initial: ConversationView;
  collections: CollectionView[];
  mayAsk: boolean;
}) {
  const { refresh } = useConversationList();
  const seen = useRef(`${initial.title}\n${initial.messages.length}`);
  const onChange = useCallback(
    ({ title, messages }: { title: string; messages: number }) => {
      const now = `${title}\n${messages}`;
      if (now === seen.current) return;
      seen.current = now;
      void refresh();
    },
    [refresh],
  );
  return <Conversation initial={initial} collections={collections} mayAsk={mayAsk} onChange={onChange} />;
}
