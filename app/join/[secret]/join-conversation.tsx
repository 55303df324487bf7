"use client";

import { JoinButton } from "#app/components/join-button.tsx";
import { send } from "#app/components/send.ts";

export function JoinConversation({ secret }: { secret: string }) {
  async function join(): Promise<string> {
    const { conversationId } = await send<{ conversationId: string }>("POST", "/api/join", { secret });
    return `/c/${encodeURIComponent(conversationId)}`;
  }
  return <JoinButton join={join} />;
}
