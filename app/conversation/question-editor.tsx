"use client";

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { button, field } from "#app/components/styles.ts";
import { IdentifierPreview } from "./identifiers/preview.tsx";
import { useIdentifiers } from "./identifiers/use-identifiers.ts";
import { formatCount } from "./labels.ts";
import { longestQuestion } from "./question-box.tsx";

export interface QuestionEditorProps {
  text: string;
  /** Resolves to true when the question was taken; the text stays otherwise. */
  onSend: (question: string, notIdentifiers: string[]) => Promise<boolean>;
  onEnd: () => void;
}

/** A question's words in place, to be asked anew beside the earlier ones. */
export function QuestionEditor({ text, onSend, onEnd }: QuestionEditorProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  const [value, setValue] = useState(text);
  const [sending, setSending] = useState(false);
  const written = value.trim();
  const identifiers = useIdentifiers(written);
  const over = written.length - longestQuestion;
  const isReady = !sending && written !== "" && written !== text.trim() && over <= 0;

  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(text.length, text.length);
  }, [text]);

  async function submit() {
    if (!isReady) return;
    setSending(true);
    const taken = await onSend(written, identifiers.notIdentifiers);
    setSending(false);
    if (taken) onEnd();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      onEnd();
    }
  }

  return (
    <form
      aria-label="Edit this question"
      className="mt-1.5 grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <textarea
        ref={box}
        aria-label="The question in other words"
        aria-describedby={hint}
        aria-invalid={over > 0 || undefined}
        rows={2}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={onKeyDown}
        className={`field-sizing-content max-h-[40dvh] resize-none ${field}`}
      />
      <IdentifierPreview identifiers={identifiers} />
      <div className="flex flex-wrap items-center gap-2">
        <p
          id={hint}
          className={`min-w-[12rem] flex-1 text-xs ${over > 0 ? "font-medium text-danger" : "text-ink-faint"}`}
        >
          {over > 0
            ? `${formatCount(over)} characters over ${formatCount(longestQuestion)}`
            : "The question as it was, and its answers, stay reachable. Enter asks, Escape cancels."}
        </p>
        <button type="button" className={button.quiet} onClick={onEnd}>
          Cancel
        </button>
        <button type="submit" className={button.primary} disabled={!isReady}>
          Ask this instead
        </button>
      </div>
    </form>
  );
}
