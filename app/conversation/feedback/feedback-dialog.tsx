"use client";

import { Dialog } from "@base-ui/react/dialog";
import { useRef } from "react";
import { dialogBackdrop, dialogPopup } from "#app/components/styles.ts";
import { FeedbackForm } from "./feedback-form.tsx";
import type { OwnFeedback, Subject } from "./feedback-provider.tsx";

export interface FeedbackDialogProps {
  own: OwnFeedback;
  subject: Subject | null;
  onClose: () => void;
}

/** Where a reader says what is wrong with an answer or a sentence; mounted once. */
export function FeedbackDialog({ own, subject, onClose }: FeedbackDialogProps) {
  // What it was about stays while the dialog fades.
  const last = useRef(subject);
  if (subject) last.current = subject;
  const about = subject ?? last.current;
  return (
    <Dialog.Root open={subject !== null} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className={`${dialogPopup} max-h-[calc(100dvh-2rem)] overflow-y-auto`}>
          <Dialog.Title className="font-semibold text-lg">
            {about?.text ? "What about this sentence?" : "What is wrong with this answer?"}
          </Dialog.Title>
          <Dialog.Description className="mt-1 text-ink-soft text-sm">
            Those who look after your organisation’s collections see it, with the question, the answer and your name.
          </Dialog.Description>
          {about && (
            <FeedbackForm
              key={`${about.messageId} ${about.sentenceIndex}`}
              own={own}
              subject={about}
              onDone={onClose}
            />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
