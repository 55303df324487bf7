"use client";

import { Dialog } from "@base-ui/react/dialog";
import { ListFilter } from "lucide-react";
import { useState } from "react";
import { button, dialogBackdrop } from "#app/components/styles.ts";
import type { QuestionFilters } from "#lib/domain.ts";
import { FilterForm } from "./filter-form.tsx";
import { filterChips } from "./filters.ts";

export interface FilterDialogProps {
  filters: QuestionFilters;
  onChange: (filters: QuestionFilters) => void;
}

/** What the searched documents have to be; nothing takes effect before it is said to. */
export function FilterDialog({ filters, onChange }: FilterDialogProps) {
  const [open, setOpen] = useState(false);
  const count = filterChips(filters).length;
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className={button.quiet}>
        <ListFilter className="size-4" aria-hidden="true" />
        <span className="max-sm:sr-only">Filters</span>
        {count > 0 ? (
          <span className="tabular rounded bg-accent px-1.5 font-semibold text-[0.6875rem] text-on-accent leading-4">
            {count}
            <span className="sr-only"> set</span>
          </span>
        ) : (
          <span className="sr-only"> none set</span>
        )}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogBackdrop} />
        <Dialog.Popup className="popup fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 -translate-y-1/2 flex-col">
          <div className="px-5 pt-4">
            <Dialog.Title className="font-semibold text-lg">Filters</Dialog.Title>
            <Dialog.Description className="text-ink-soft text-sm">
              Only documents that fit everything set here are searched. They stay set for this conversation.
            </Dialog.Description>
          </div>
          <FilterForm
            initial={filters}
            onCancel={() => setOpen(false)}
            onApply={(chosen) => {
              onChange(chosen);
              setOpen(false);
            }}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
