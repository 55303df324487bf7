import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { MessagePage } from "#app/components/message-page.tsx";
import { found } from "#app/found.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { openLink } from "#lib/conversations/index.ts";
import { JoinConversation } from "./join-conversation.tsx";

export const metadata: Metadata = { title: "Join a conversation", referrer: "no-referrer", robots: { index: false } };

/** What a share link opens. Looking changes nothing: one joins by the button. */
export default async function JoinPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params;
  const { deps, viewer } = await viewerOrSignIn(`/join/${encodeURIComponent(secret)}`);
  const linked = await found(openLink(deps, viewer, secret));
  if (linked.present) redirect(`/c/${linked.conversationId}`);
  return (
    <MessagePage>
      <div className="mx-auto w-full max-w-xl px-5 pt-[10vh] pb-16">
        <p className="text-ink-soft text-sm">{linked.invitedBy} invites you to a conversation</p>
        <h1 className="mt-1 text-balance font-semibold text-2xl tracking-tight">{linked.title}</h1>
        <p className="mt-3 text-ink-soft">
          {linked.role === "writer"
            ? "You will read everything in it and may ask in it."
            : "You will read everything in it, but not ask in it."}{" "}
          The others see that you take part.
        </p>
        <JoinConversation secret={secret} />
      </div>
    </MessagePage>
  );
}
