"use client";

import { ArrowUp, Square } from "lucide-react";
import { type KeyboardEvent, type Ref, useCallback, useEffect, useImperativeHandle, useRef, useState } from "react";
import { button } from "#app/components/styles.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import type { CollectionView, QuestionFilters } from "#lib/domain.ts";
import { CollectionChooser } from "./collection-chooser.tsx";
import { FilterChips } from "./filter-chips.tsx";
import { FilterDialog } from "./filter-dialog.tsx";
import type { Scope } from "./filters.ts";
import { IdentifierPreview } from "./identifiers/preview.tsx";
import { useIdentifiers } from "./identifiers/use-identifiers.ts";
import { formatCount } from "./labels.ts";

/** Characters; the server refuses longer ones as well. */
export const longestQuestion = 2000;

export interface QuestionBoxHandle {
  fill: (question: string) => void;
}

export interface QuestionBoxProps {
  collections: CollectionView[];
  scope: Scope;
  onScope: (scope: Scope) => void;
  /** Resolves to true when the question was taken; the text stays in the box otherwise. */
  onAsk: (question: string, notIdentifiers: string[]) => Promise<boolean>;
  /** Present while an answer is being made. */
  onStop?: () => void;
  /** While it is, no further question is taken; one may ask beside a colleague's answer. */
  isBusy?: boolean;
  placeholder: string;
  autoFocus?: boolean;
  handle?: Ref<QuestionBoxHandle>;
}

export function QuestionBox(props: QuestionBoxProps) {
  const { collections, scope, onScope, onAsk, onStop, placeholder, autoFocus = false, handle } = props;
  const isBusy = props.isBusy ?? onStop !== undefined;
  const hydrated = useHydrated();
  // Uncontrolled, so that what was typed before the scripts ran is kept.
  const box = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState("");
  const identifiers = useIdentifiers(typed);
  const length = typed.length;
  const [sending, setSending] = useState(false);
  const tooLong = length > longestQuestion;
  const isNearlyLong = length > longestQuestion * 0.8;
  const ready = hydrated && !sending && !isBusy && length > 0 && !tooLong;

  const measure = useCallback(() => setTyped(box.current?.value.trim() ?? ""), []);
  useEffect(() => {
    measure();
    if (autoFocus) box.current?.focus();
  }, [autoFocus, measure]);

  useImperativeHandle(handle, () => ({
    fill(question) {
      if (!box.current) return;
      box.current.value = question;
      measure();
      box.current.focus();
    },
  }));

  const setFilters = (filters: QuestionFilters) => onScope({ ...scope, filters });

  async function submit() {
    const question = box.current?.value.trim() ?? "";
    if (!ready || question === "") return;
    setSending(true);
    const taken = await onAsk(question, identifiers.notIdentifiers);
    setSending(false);
    if (taken && box.current && box.current.value.trim() === question) box.current.value = "";
    measure();
    box.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === "Escape" && onStop) {
      event.preventDefault();
      onStop();
    }
  }

  return (
    <form
      aria-label="Ask a question"
      className="rounded-xl border border-line-strong/70 bg-raised shadow-card transition-colors focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <textarea
        ref={box}
        name="question"
        aria-label="Your question"
        aria-describedby="question-hint"
        aria-invalid={tooLong || undefined}
        rows={2}
        defaultValue=""
        placeholder={placeholder}
        onInput={measure}
        onKeyDown={onKeyDown}
        className="field-sizing-content block max-h-[40dvh] min-h-16 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-base outline-none placeholder:text-ink-faint"
      />
      <IdentifierPreview identifiers={identifiers} />
      <FilterChips filters={scope.filters} onChange={setFilters} />
      <div className="flex items-center gap-1 px-2 pb-2">
        <CollectionChooser
          collections={collections}
          chosen={scope.collections}
          onChange={(chosen) => onScope({ ...scope, collections: chosen })}
        />
        <FilterDialog filters={scope.filters} onChange={setFilters} />
        <p
          id="question-hint"
          className={`tabular ml-auto whitespace-nowrap pr-2 text-xs ${tooLong ? "font-medium text-danger" : "text-ink-faint"}`}
        >
          <span className="sr-only">Enter asks, Shift and Enter starts a new line. </span>
          {/* A narrow screen has no room for the count before it matters. */}
          <span className={isNearlyLong ? undefined : "max-sm:sr-only"}>
            {tooLong ? `${formatCount(length - longestQuestion)} over ` : ""}
            {formatCount(length)}
            <span aria-hidden="true"> / </span>
            <span className="sr-only"> of </span>
            {formatCount(longestQuestion)}
            <span className="sr-only"> characters</span>
          </span>
        </p>
        {onStop && (
          <button type="button" className={button.secondary} onClick={onStop} aria-keyshortcuts="Escape">
            <Square className="size-3 fill-current" aria-hidden="true" />
            Stop
          </button>
        )}
        {!isBusy && (
          <button type="submit" className={button.primary} disabled={!ready}>
            Ask
            <ArrowUp className="size-4" aria-hidden="true" />
          </button>
        )}
      </div>
    </form>
  );
}
