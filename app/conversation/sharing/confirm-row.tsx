"use client";

import { useEffect, useRef, useState } from "react";
import { button } from "#app/components/styles.ts";

export interface ConfirmRowProps {
  question: string;
  confirm: string;
  grave?: boolean;
  onConfirm: () => Promise<void>;
  onCancel: () => void;
}

/** Asks before something is done, where it is done; the focus goes to the harmless answer. */
export function ConfirmRow({ question, confirm, grave = false, onConfirm, onCancel }: ConfirmRowProps) {
  const [busy, setBusy] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <fieldset aria-label={question} className="grid gap-2.5 rounded-md border border-line bg-panel p-3 text-sm">
      <p>{question}</p>
      <div className="flex justify-end gap-2">
        <button ref={cancel} type="button" className={button.secondary} onClick={onCancel}>
          Cancel
        </button>
        <button
          type="button"
          className={grave ? button.danger : button.primary}
          disabled={busy}
          onClick={async () => {
            setBusy(true);
            await onConfirm();
            setBusy(false);
          }}
        >
          {confirm}
        </button>
      </div>
    </fieldset>
  );
}
