import { Split } from "lucide-react";
import { button } from "#app/components/styles.ts";
import type { MessageView } from "#lib/domain.ts";

/** Tells that somebody added something on a branch that is not shown, and the way there. */
export function Elsewhere({
  message,
  onShow,
}: {
  message: MessageView | undefined;
  onShow: (messageId: string) => void;
}) {
  return (
    <div role="status" className="contents">
      {message && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-line bg-panel px-3 py-1.5 text-ink-soft text-sm">
          <Split className="size-4 shrink-0 rotate-90" aria-hidden="true" />
          <p className="line-clamp-2 min-w-[12rem] flex-1">
            {message.role === "user"
              ? `${message.senderName ?? "Somebody"} asked on another branch: “${message.content}”`
              : "Another answer was asked for, on another branch."}
          </p>
          <button type="button" className={button.quiet} onClick={() => onShow(message.id)}>
            Show it
          </button>
        </div>
      )}
    </div>
  );
}
