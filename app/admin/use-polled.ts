"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";

/**
 * Reads a route again and again while `isOpen` says that what was read may change, and never while the tab is hidden.
 * A reading that fails is told of and tried again.
 */
export function usePolled<Value>(path: string, initial: Value, isOpen: (value: Value) => boolean, every = 2_000) {
  const [value, setValue] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const open = isOpen(value);
  const latest = useRef(0);

  const refresh = useCallback(async () => {
    latest.current += 1;
    const turn = latest.current;
    try {
      const next = await send<Value>("GET", path);
      // An older answer that comes late must not overwrite a newer one.
      if (turn !== latest.current) return;
      setValue(next);
      setProblem(null);
    } catch (error) {
      if (turn === latest.current) setProblem(messageOf(error));
    }
  }, [path]);

  useEffect(() => {
    if (!open) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let hasEnded = false;
    const next = () => {
      if (hasEnded || document.hidden) return;
      timer = setTimeout(() => void refresh().then(next), every);
    };
    const onVisibility = () => {
      clearTimeout(timer);
      if (!document.hidden) void refresh().then(next);
    };
    next();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      hasEnded = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [open, refresh, every]);

  return { value, setValue, problem, refresh };
}
