"use client";

import { type ReactNode, useState } from "react";
import { button } from "#app/components/styles.ts";
import { ConfirmDialog } from "#app/workspace/conversation-dialogs.tsx";

export interface ConfirmButtonProps {
  children: ReactNode;
  title: string;
  description: string;
  confirm: string;
  grave?: boolean;
  /** Names what the button is for where several say the same. */
  label?: string;
  onConfirm: () => Promise<void>;
}

/** A button that asks before it acts; what goes wrong is told in its dialog. */
export function ConfirmButton({ children, label, grave = false, ...dialog }: ConfirmButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={button.secondary} aria-label={label} onClick={() => setOpen(true)}>
        {children}
      </button>
      <ConfirmDialog {...dialog} grave={grave} open={isOpen} onOpenChange={setOpen} />
    </>
  );
}
