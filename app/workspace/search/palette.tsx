"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { createContext, type KeyboardEvent, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { dialogBackdrop } from "#app/components/styles.ts";
import { PaletteResults } from "./palette-results.tsx";
import { SearchStatus } from "./search-status.tsx";
import { optionId, useOptions } from "./use-options.ts";
import { useSearch } from "./use-search.ts";

const shown = 20;
const listId = "search-results";

const Context = createContext<{ open: () => void } | null>(null);

/** Lets everything below open the search; so do ⌘K and Ctrl K, wherever the focus is. */
export function SearchProvider({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);

  useEffect(() => {
    function onKeyDown(event: globalThis.KeyboardEvent) {
      const isSearch = (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey;
      if (!isSearch || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      setOpen((open) => !open);
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);

  const value = useMemo(() => ({ open: () => setOpen(true) }), []);
  return (
    <Context value={value}>
      {children}
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Portal>
          <Dialog.Backdrop className={dialogBackdrop} />
          <Dialog.Popup className="popup fixed top-[min(6rem,8vh)] left-1/2 z-50 flex max-h-[min(40rem,84dvh)] w-[min(42rem,calc(100vw-1rem))] -translate-x-1/2 flex-col overflow-hidden">
            <Dialog.Title className="sr-only">Search your conversations</Dialog.Title>
            <Palette onEnd={() => setOpen(false)} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </Context>
  );
}

export function useSearchPalette(): { open: () => void } {
  const palette = useContext(Context);
  if (!palette) throw new Error("useSearchPalette is used outside SearchProvider");
  return palette;
}

function Palette({ onEnd }: { onEnd: () => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const { query, result, problem, isBusy } = useSearch(typed, shown);
  const options = useOptions(typed.trim() === "" ? null : { query, result });
  const [active, setActive] = useState<{ among: unknown; at: number }>({ among: null, at: 0 });
  // What is found anew begins with its first.
  const at = active.among === options ? Math.min(active.at, options.length - 1) : 0;
  const chosen = options[at];

  useEffect(() => {
    if (chosen) document.getElementById(optionId(chosen))?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  function go(address: string) {
    onEnd();
    router.push(address);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length > 0) {
      event.preventDefault();
      setActive({ among: options, at: (at + step + options.length) % options.length });
    } else if (event.key === "Enter") {
      event.preventDefault();
      // What was found for other letters is not what is asked for now.
      if (chosen && !(typed.trim() !== "" && isBusy)) go(chosen.address);
    }
  }

  return (
    <>
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Search className="size-4.5 shrink-0 text-ink-faint" aria-hidden="true" />
        <input
          role="combobox"
          aria-label="Search your conversations"
          aria-expanded={options.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={chosen && optionId(chosen)}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          placeholder="Words, a person or a time: warfarin last week"
          className="h-13 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-faint"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <kbd className="hidden rounded border border-line px-1.5 py-0.5 text-ink-faint text-xs sm:block">Esc</kbd>
      </div>
      <PaletteResults
        id={listId}
        options={options}
        chosen={chosen ?? null}
        isRecent={typed.trim() === ""}
        isBusy={isBusy}
        onHover={(option) => setActive({ among: options, at: options.indexOf(option) })}
        onChoose={(option) => go(option.address)}
      />
      {typed.trim() !== "" && (
        <div className="border-line border-t px-4 py-2 empty:hidden">
          <SearchStatus result={result} problem={problem} />
        </div>
      )}
    </>
  );
}
