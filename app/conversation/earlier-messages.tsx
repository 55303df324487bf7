"use client";

import { ArrowUp } from "lucide-react";
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { button } from "#app/components/styles.ts";

/** Loads what stands before the first message, when asked to. */
export function EarlierMessages({ onLoad }: { onLoad: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  async function load() {
    setBusy(true);
    await onLoad();
    setBusy(false);
  }
  return (
    <div className="mb-8 flex justify-center">
      <button
        type="button"
        className={button.secondary}
        aria-disabled={busy || undefined}
        onClick={() => void (busy || load())}
      >
        <ArrowUp className="size-4" aria-hidden="true" />
        {busy ? "Reading earlier messages …" : "Earlier messages"}
      </button>
    </div>
  );
}

/**
 * Keeps what the reader looks at where it is on the screen while something is put in above it. `hold` is called before;
 * the page is moved once the number of messages has changed.
 */
export function useHeldPlace(list: RefObject<HTMLElement | null>, messages: number): () => void {
  const held = useRef<{ id: string; top: number } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number is what tells that something was put in
  useLayoutEffect(() => {
    const place = held.current;
    held.current = null;
    const element = place && document.getElementById(place.id);
    if (element) window.scrollBy({ top: element.getBoundingClientRect().top - place.top, behavior: "instant" });
  }, [messages]);
  return useCallback(() => {
    const first = list.current?.querySelector("article[id]");
    held.current = first ? { id: first.id, top: first.getBoundingClientRect().top } : null;
  }, [list]);
}
