"use client";

import { useId, useState } from "react";
import { messageOf } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import type { FeedbackKind } from "#lib/domain.ts";
import { counted } from "../labels.ts";
import type { OwnFeedback, Subject } from "./feedback-provider.tsx";
import { kindLabels, problemKinds } from "./own-feedback.ts";

/** Characters; the server refuses longer ones as well. */
const longestNote = 2000;

const explanations: Record<FeedbackKind, string> = {
  helpful: "It answers what was asked.",
  wrong: "What it says is not so.",
  unsupported: "The quoted source does not say this.",
  outdated: "It was so, and is no longer.",
};

export interface FeedbackFormProps {
  own: OwnFeedback;
  subject: Subject;
  onDone: () => void;
}

export function FeedbackForm({ own, subject, onDone }: FeedbackFormProps) {
  const given = own.at(subject);
  const kinds: readonly FeedbackKind[] = subject.text ? ["helpful", ...problemKinds] : problemKinds;
  const [kind, setKind] = useState<FeedbackKind | null>(given && kinds.includes(given.kind) ? given.kind : null);
  const [note, setNote] = useState(given?.note ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const over = note.trim().length - longestNote;

  async function act(run: () => Promise<void>) {
    setBusy(true);
    setProblem(null);
    try {
      await run();
      onDone();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className="mt-3 grid gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (kind && over <= 0 && !busy) void act(() => own.give(subject, { kind, note: note.trim() }));
      }}
    >
      {subject.text && (
        <blockquote className="line-clamp-4 border-line border-l-2 pl-3 text-ink-soft text-sm">
          {subject.text}
        </blockquote>
      )}
      <fieldset className="grid gap-1">
        <legend className="sr-only">What holds of it</legend>
        {kinds.map((each) => (
          <label
            key={each}
            className="flex items-baseline gap-2.5 rounded-md border border-transparent px-2 py-1.5 text-sm has-checked:border-accent has-checked:bg-accent-wash"
          >
            <input
              type="radio"
              name={`${id}-kind`}
              value={each}
              checked={kind === each}
              onChange={() => setKind(each)}
              className="translate-y-0.5 accent-(--accent)"
            />
            <span>
              <span className="font-medium">{kindLabels[each]}</span>
              <span className="block text-ink-soft">{explanations[each]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="grid gap-1">
        <label htmlFor={`${id}-note`} className="font-medium text-sm">
          Note <span className="font-normal text-ink-faint">(if you like)</span>
        </label>
        <textarea
          id={`${id}-note`}
          aria-describedby={`${id}-hint`}
          aria-invalid={over > 0 || undefined}
          rows={3}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          className={`field-sizing-content max-h-48 min-h-20 resize-none ${field}`}
        />
        <p id={`${id}-hint`} className={`text-xs ${over > 0 ? "font-medium text-danger" : "text-ink-faint"}`}>
          {over > 0 ? `${counted(over, "character")} too many.` : "Do not name patients."}
        </p>
      </div>
      <p role="alert" className="rounded-md bg-danger-wash px-3 py-2 text-danger text-sm empty:hidden">
        {problem}
      </p>
      <div className="flex flex-wrap items-center justify-end gap-2">
        {given && (
          <button
            type="button"
            className={`${button.quiet} mr-auto`}
            disabled={busy}
            onClick={() => void act(() => own.withdraw(subject))}
          >
            Withdraw
          </button>
        )}
        <button type="button" className={button.secondary} onClick={onDone}>
          Cancel
        </button>
        <button type="submit" className={button.primary} disabled={busy || kind === null || over > 0}>
          {given ? "Change" : "Send"}
        </button>
      </div>
    </form>
  );
}
