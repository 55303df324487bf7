"use client";

import { Pencil } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Badge } from "#app/components/badges.tsx";
import { button } from "#app/components/styles.ts";
import type { CollectionView, QuestionFilters } from "#lib/domain.ts";
import { type ReplacedIdentifier, summaryOf } from "#lib/phi/index.ts";
import type { Shown } from "./branches.ts";
import { filterChips } from "./filters.ts";
import { counted } from "./labels.ts";
import { QuestionEditor } from "./question-editor.tsx";
import { VersionPager } from "./version-pager.tsx";

export interface QuestionViewProps {
  shown: Shown;
  collections: CollectionView[];
  /** Who asked, where several people do. */
  askedBy: string | null;
  onShow: (messageId: string) => void;
  /** Asks it in other words, beside this one; resolves to true when it was taken. Absent for others' questions. */
  onEdit?: ((question: string, notIdentifiers: string[]) => Promise<boolean>) | undefined;
}

export function QuestionView({ shown, collections, askedBy, onShow, onEdit }: QuestionViewProps) {
  const question = shown.message;
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !editing) opener.current?.focus({ preventScroll: true });
    wasEditing.current = editing;
  }, [editing]);
  const asked = question.collections.map(
    (slug) => collections.find((collection) => collection.slug === slug)?.title ?? slug,
  );
  return (
    <article
      id={`question-${question.id}`}
      aria-labelledby={`heading-${question.id}`}
      className="rounded-lg bg-panel px-4 py-3"
    >
      <div className="flex min-h-5 items-center gap-3">
        <h2 id={`heading-${question.id}`} className="label-caps">
          Question
        </h2>
        {askedBy && <p className="truncate text-ink-faint text-xs">{askedBy}</p>}
        <VersionPager shown={shown} of="question" onShow={onShow} />
      </div>
      {editing && onEdit ? (
        <QuestionEditor text={question.content} onSend={onEdit} onEnd={() => setEditing(false)} />
      ) : (
        <div className="mt-0.5 flex items-start gap-2">
          <p className="max-w-[70ch] flex-1 whitespace-pre-wrap font-medium text-[1.0625rem] leading-normal">
            {question.content}
          </p>
          {onEdit && (
            <button
              ref={opener}
              type="button"
              aria-label="Edit this question"
              title="Edit"
              className={`${button.smallIcon} -mr-1.5 shrink-0 hover:bg-raised`}
              onClick={() => setEditing(true)}
            >
              <Pencil className="size-3.5" aria-hidden="true" />
            </button>
          )}
        </div>
      )}
      {asked.length > 0 && <p className="mt-1 text-ink-faint text-xs">Put to: {asked.join(", ")}</p>}
      <Replaced identifiers={question.identifiers} />
      <QuestionFilterList filters={question.filters} />
    </article>
  );
}

/** That what its readers see was not all sent on. */
function Replaced({ identifiers }: { identifiers: ReplacedIdentifier[] }) {
  if (identifiers.length === 0) return null;
  return (
    <p className="mt-1 text-ink-faint text-xs">
      {counted(identifiers.length, "patient identifier")} replaced before anything was searched:{" "}
      {summaryOf(identifiers)}.
    </p>
  );
}

/** What the question was narrowed to, under its words. */
function QuestionFilterList({ filters }: { filters: QuestionFilters }) {
  const chips = filterChips(filters);
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters of this question" className="mt-2 flex flex-wrap gap-1.5">
      {chips.map(({ label }) => (
        <li key={label}>
          <Badge>{label}</Badge>
        </li>
      ))}
    </ul>
  );
}
