import { Pin, Users } from "lucide-react";
import { counted } from "#app/conversation/labels.ts";
import type { ConversationSummary } from "#lib/domain.ts";

/** Small signs beside a conversation's title, each with its words for who cannot see it. */
export function ConversationMarks({ conversation, isOpen }: { conversation: ConversationSummary; isOpen: boolean }) {
  const { pinned, shared, unread } = conversation;
  // What lies open is being read.
  const isUnread = unread > 0 && !isOpen;
  if (!pinned && !shared && !isUnread) return null;
  return (
    <span className="flex shrink-0 items-center gap-1 text-ink-faint">
      {pinned && <Sign icon={<Pin className="size-3.5" aria-hidden="true" />} words="Pinned" />}
      {shared && <Sign icon={<Users className="size-3.5" aria-hidden="true" />} words="Shared" />}
      {isUnread && (
        <Sign
          icon={<span className="block size-2 rounded-full bg-accent" aria-hidden="true" />}
          words={counted(unread, "new message")}
        />
      )}
    </span>
  );
}

function Sign({ icon, words }: { icon: React.ReactNode; words: string }) {
  return (
    <span title={words}>
      {icon}
      <span className="sr-only">{words}</span>
    </span>
  );
}
