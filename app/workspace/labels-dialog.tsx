"use client";

import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { messageOf } from "#app/components/send.ts";
import { button, dialogBackdrop, dialogPopup, field } from "#app/components/styles.ts";

export interface LabelsDialogProps {
  labels: string[];
  /** Those the reader uses elsewhere, to choose from. */
  known: string[];
  onClose: () => void;
  onSave: (labels: string[]) => Promise<void>;
}

const longestLabel = 40;
const mostLabels = 20;

/** The reader's own labels of one conversation. */
export function LabelsDialog({ labels, known, onClose, onSave }: LabelsDialogProps) {
  const [chosen, setChosen] = useState(labels);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const suggestions = useId();
  const isFull = chosen.length >= mostLabels;

  function withTyped(): string[] {
    const label = typed.replace(/\s+/g, " ").trim();
    const isThere = chosen.some((other) => other.toLocaleLowerCase() === label.toLocaleLowerCase());
    return label === "" || isThere || isFull ? chosen : [...chosen, label];
  }

  function add(event: FormEvent) {
    event.preventDefault();
    setChosen(withTyped());
    setTyped("");
  }

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      await onSave(withTyped());
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className={dialogPopup}>
          <Dialog.Title className="font-semibold text-lg">Labels</Dialog.Title>
          <Dialog.Description className="mt-1.5 text-ink-soft text-sm">
            Only you see them. The list can be narrowed to a label.
          </Dialog.Description>
          <ul aria-label="Labels of this conversation" className="mt-3 flex flex-wrap gap-1.5 empty:hidden">
            {chosen.map((label) => (
              <li key={label} className="flex items-center rounded-full border border-line bg-panel pl-2.5 text-sm">
                <span className="max-w-60 truncate">{label}</span>
                <button
                  type="button"
                  aria-label={`Remove the label ${label}`}
                  className={button.smallIcon}
                  onClick={() => setChosen(chosen.filter((other) => other !== label))}
                >
                  <X className="size-3.5" aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
          <form onSubmit={add} className="mt-3 flex items-end gap-2">
            <label className="grid min-w-0 flex-1 gap-1.5 font-medium text-sm">
              New label
              <input
                className={field}
                value={typed}
                maxLength={longestLabel}
                list={suggestions}
                autoComplete="off"
                disabled={isFull}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
            <datalist id={suggestions}>
              {known
                .filter((label) => !chosen.includes(label))
                .map((label) => (
                  <option key={label} value={label} />
                ))}
            </datalist>
            <button type="submit" className={button.secondary} disabled={isFull || typed.trim() === ""}>
              Add
            </button>
          </form>
          {isFull && <p className="mt-1.5 text-ink-soft text-xs">There is room for {mostLabels} labels.</p>}
          <p role="alert" className="mt-3 text-danger text-sm empty:hidden">
            {problem}
          </p>
          <div className="mt-5 flex justify-end gap-2">
            <Dialog.Close className={button.secondary}>Cancel</Dialog.Close>
            <button type="button" className={button.primary} disabled={busy} onClick={() => void save()}>
              Save
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
