"use client";

import { useEffect } from "react";
import { Message } from "#app/components/message-page.tsx";
import { WaysOn } from "#app/components/ways-on.tsx";
import { useConversationList } from "#app/workspace/conversation-list.tsx";

/** Stands instead of a conversation that its reader may no longer read; nothing of it stays on the page. */
export function NoLongerHere({ reason }: { reason: string }) {
  const { refresh } = useConversationList();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; the list is a new one after each reading
  useEffect(() => {
    void refresh();
  }, []);
  return (
    <Message title={reason}>
      <p role="alert">It can be opened again only when somebody who takes part invites you.</p>
      <WaysOn />
    </Message>
  );
}
