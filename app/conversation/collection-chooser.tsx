"use client";

import { Popover } from "@base-ui/react/popover";
import { Library } from "lucide-react";
import { button } from "#app/components/styles.ts";
import type { CollectionView } from "#lib/domain.ts";
import { counted, formatCount } from "./labels.ts";

export interface CollectionChooserProps {
  collections: CollectionView[];
  /** Slugs to search; empty means all. */
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

export function CollectionChooser({ collections, chosen, onChange }: CollectionChooserProps) {
  const known = chosen.filter((slug) => collections.some((collection) => collection.slug === slug));
  const all = known.length === 0;
  const [only] = collections.filter((collection) => known.length === 1 && collection.slug === known[0]);
  const summary = all ? "All collections" : (only?.title ?? `${known.length} of ${collections.length} collections`);

  function toggle(slug: string, checked: boolean) {
    const next = collections
      .map((collection) => collection.slug)
      .filter((other) => (other === slug ? checked : known.includes(other)));
    onChange(next.length === collections.length ? [] : next);
  }

  return (
    <Popover.Root>
      <Popover.Trigger className={button.quiet} aria-label={`Collections to search: ${summary}`}>
        <Library className="size-4" aria-hidden="true" />
        <span className="max-w-44 truncate">{summary}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="start" sideOffset={8} collisionPadding={12} className="z-50">
          <Popover.Popup className="popup w-[min(23rem,calc(100vw-1.5rem))] p-2">
            <Popover.Title className="label-caps px-2 pt-1 pb-1.5">Collections to search</Popover.Title>
            <label className="flex items-center gap-2.5 rounded-md px-2 py-1.5 text-sm hover:bg-panel">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={all}
                onChange={() => onChange([])}
                disabled={all}
              />
              <span className="font-medium">All collections</span>
            </label>
            <div className="my-1 h-px bg-line" />
            {collections.map((collection) => (
              <label
                key={collection.slug}
                className="grid grid-cols-[auto_1fr] gap-x-2.5 rounded-md px-2 py-1.5 text-sm hover:bg-panel"
              >
                <input
                  type="checkbox"
                  className="mt-0.5 size-4 accent-accent"
                  checked={known.includes(collection.slug)}
                  onChange={(event) => toggle(collection.slug, event.target.checked)}
                />
                <span>
                  {collection.title}
                  <span className="tabular block text-ink-faint text-xs">
                    {counted(collection.documents, "document")}
                    {samplesOf(collection)}
                    {collection.isPrivate && ", private"}
                  </span>
                </span>
              </label>
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function samplesOf({ documents, samples }: CollectionView): string {
  if (samples === 0) return "";
  return samples === documents ? ", all samples" : `, ${formatCount(samples)} of them samples`;
}
