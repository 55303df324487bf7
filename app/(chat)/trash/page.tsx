import type { Metadata } from "next";
import { counted } from "#app/conversation/labels.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { PutAway } from "#app/workspace/put-away.tsx";
import { listConversations } from "#lib/conversations/index.ts";

export const metadata: Metadata = { title: "Trash" };

export default async function TrashPage() {
  const { deps, viewer } = await viewerOrSignIn("/trash");
  const deleted = await listConversations(deps, viewer, { deleted: true });
  return (
    <div className="mx-auto w-full max-w-[50rem] px-4 pt-8 pb-16 sm:px-8">
      <h1 className="font-semibold text-2xl tracking-tight">Trash</h1>
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        Conversations you have deleted. Nobody can open them; {counted(deps.env.CONVERSATION_GRACE_DAYS, "day")} after
        that they are removed for good, unless they must be kept for longer.
      </p>
      <PutAway initial={deleted} kind="deleted" />
    </div>
  );
}
