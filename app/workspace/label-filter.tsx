"use client";

import { useConversationList } from "./conversation-list.tsx";

/** Narrows the list of conversations to one of the reader's labels. */
export function LabelFilter() {
  const { labels, label, showLabel } = useConversationList();
  if (labels.length === 0) return null;
  const chip = "max-w-full truncate rounded-full border px-2 py-0.5 text-xs";
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that filter, not fields of a form
    <div role="group" aria-label="Labels" className="flex max-h-24 flex-wrap gap-1 overflow-y-auto px-2.5 py-1.5">
      {labels.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === label}
          onClick={() => showLabel(each === label ? null : each)}
          className={`${chip} ${
            each === label
              ? "border-accent bg-accent-wash text-accent-strong"
              : "border-line text-ink-soft hover:border-line-strong"
          }`}
        >
          {each}
        </button>
      ))}
    </div>
  );
}
