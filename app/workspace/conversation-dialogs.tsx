"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog } from "@base-ui/react/dialog";
import { type FormEvent, useState } from "react";
import { messageOf } from "#app/components/send.ts";
import { button, dialogBackdrop, dialogPopup, field } from "#app/components/styles.ts";

interface ActionDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function useAction(run: () => Promise<void>, close: () => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function act() {
    setBusy(true);
    setProblem(null);
    try {
      await run();
      close();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, act };
}

export interface ConfirmProps extends ActionDialogProps {
  title: string;
  description: string;
  confirm: string;
  grave: boolean;
  onConfirm: () => Promise<void>;
}

export function ConfirmDialog({ open, onOpenChange, title, description, confirm, grave, onConfirm }: ConfirmProps) {
  const { busy, problem, act } = useAction(onConfirm, () => onOpenChange(false));
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialogBackdrop} />
        <AlertDialog.Popup className={dialogPopup}>
          <AlertDialog.Title className="font-semibold text-lg">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1.5 text-ink-soft text-sm">{description}</AlertDialog.Description>
          <p role="alert" className="mt-3 text-danger text-sm empty:hidden">
            {problem}
          </p>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Close className={button.secondary}>Cancel</AlertDialog.Close>
            <button type="button" className={grave ? button.danger : button.primary} disabled={busy} onClick={act}>
              {confirm}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

const longestTitle = 500;

export function RenameDialog(props: ActionDialogProps & { title: string; onRename: (title: string) => Promise<void> }) {
  const { open, onOpenChange, onRename } = props;
  const [title, setTitle] = useState(props.title);
  const { busy, problem, act } = useAction(
    () => onRename(title.trim()),
    () => onOpenChange(false),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (title.trim() !== "") void act();
  }
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className={dialogPopup}>
          <Dialog.Title className="font-semibold text-lg">Rename conversation</Dialog.Title>
          <form onSubmit={submit} className="mt-3 grid gap-3">
            <label className="grid gap-1.5 font-medium text-sm">
              Title
              <input
                className={field}
                value={title}
                maxLength={longestTitle}
                onChange={(event) => setTitle(event.target.value)}
              />
            </label>
            <p role="alert" className="text-danger text-sm empty:hidden">
              {problem}
            </p>
            <div className="flex justify-end gap-2">
              <Dialog.Close className={button.secondary}>Cancel</Dialog.Close>
              <button type="submit" className={button.primary} disabled={busy || title.trim() === ""}>
                Save
              </button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
