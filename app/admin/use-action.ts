"use client";

import { useState } from "react";
import { messageOf } from "#app/components/send.ts";

/** Runs one thing at a time and keeps what went wrong in words. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  /** @returns true when it was done */
  async function act(run: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setProblem(null);
    try {
      await run();
      return true;
    } catch (error) {
      setProblem(messageOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, act };
}
