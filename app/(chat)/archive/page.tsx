import type { Metadata } from "next";
import { viewerOrSignIn } from "#app/viewer.ts";
import { PutAway } from "#app/workspace/put-away.tsx";
import { listConversations } from "#lib/conversations/index.ts";

export const metadata: Metadata = { title: "Archived" };

export default async function ArchivePage() {
  const { deps, viewer } = await viewerOrSignIn("/archive");
  const archived = await listConversations(deps, viewer, { archived: true });
  return (
    <div className="mx-auto w-full max-w-[50rem] px-4 pt-8 pb-16 sm:px-8">
      <h1 className="font-semibold text-2xl tracking-tight">Archived</h1>
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        Conversations you have put away. They open as before, searching finds them, and they come back only when you say
        so.
      </p>
      <PutAway initial={archived} kind="archived" />
    </div>
  );
}
