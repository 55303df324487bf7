"use client";

import { Dialog } from "@base-ui/react/dialog";
import { ReceiptText, X } from "lucide-react";
import { useState } from "react";
import { messageOf, RequestError, send } from "#app/components/send.ts";
import { button, dialogBackdrop } from "#app/components/styles.ts";
import type { ReceiptView } from "#lib/domain.ts";
import type { MarkerOrigin } from "./citation-marker.tsx";
import { Receipt } from "./receipt.tsx";

/** Opens what an answer was made from; read anew each time, because what has become of it may have changed. */
export function ReceiptDialog({ from }: { from: MarkerOrigin }) {
  const [receipt, setReceipt] = useState<ReceiptView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function read() {
    setReceipt(null);
    setProblem(null);
    const { conversationId, messageId } = from;
    const path = `/api/conversations/${encodeURIComponent(conversationId)}/messages/${encodeURIComponent(messageId)}/receipt`;
    try {
      setReceipt(await send<ReceiptView>("GET", path));
    } catch (error) {
      const isMissing = error instanceof RequestError && error.status === 404;
      setProblem(isMissing ? "No record was kept of how this answer was made." : messageOf(error));
    }
  }

  return (
    <Dialog.Root onOpenChange={(open) => open && void read()}>
      <Dialog.Trigger className={button.quiet}>
        <ReceiptText className="size-4" aria-hidden="true" />
        How this answer was made
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className="popup fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[min(46rem,calc(100vw-1.5rem))] -translate-x-1/2 -translate-y-1/2 flex-col">
          <div className="flex items-start gap-3 border-line border-b py-3 pr-3 pl-5">
            <Dialog.Title className="flex-1 pt-1 font-semibold text-lg">How this answer was made</Dialog.Title>
            <Dialog.Close className={button.icon} aria-label="Close">
              <X className="size-5" aria-hidden="true" />
            </Dialog.Close>
          </div>
          <div className="min-h-32 overflow-y-auto px-5 py-4" aria-busy={!receipt && !problem}>
            {problem && (
              <p role="alert" className="text-ink-soft text-sm">
                {problem}
              </p>
            )}
            {!receipt && !problem && (
              <p role="status" className="text-ink-soft text-sm">
                Reading the record …
              </p>
            )}
            {receipt && <Receipt receipt={receipt} from={from} />}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
