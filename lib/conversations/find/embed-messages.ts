import { embedMessageRows } from "#db/index.ts";
import type { Deps } from "../../deps.ts";
import { openMessageEmbedder } from "./message-embedder.ts";

type EmbedDeps = Pick<Deps, "database" | "embeddingsOf" | "running" | "log">;

/** A few at a time: each holds the event loop for some 30 ms. */
const batch = 4;
const interval = 3000;
/** How long answers under way may hold it back, in milliseconds; a busy server falls behind, but not for ever. */
const patience = 60_000;

/**
 * Gives messages without a vector theirs, until there is none left: an answer's is of its question and what it said.
 * @param pause what to wait for between two batches; false ends it
 * @returns how many there were
 */
export async function embedMessages(
  deps: Pick<Deps, "database" | "embeddingsOf">,
  pause: () => Promise<boolean> = async () => true,
): Promise<number> {
  const embed = await openMessageEmbedder(deps);
  let embedded = 0;
  for (;;) {
    const count = await embedMessageRows(deps.database, batch, embed);
    embedded += count;
    if (count < batch || !(await pause())) return embedded;
  }
}

/**
 * Embeds, now and then and between answers, what has no vector yet: new messages, and those that a process left when
 * it ended. A failure is told and tried again.
 * @param every milliseconds between two looks
 * @returns a function that ends it
 */
export function startEmbeddingMessages(deps: EmbedDeps, every = interval): () => void {
  let ended = false;
  let isBusy = false;
  let heldBackSince: number | null = null;

  function mayGoOn(): boolean {
    if (ended) return false;
    if (deps.running.size === 0) {
      heldBackSince = null;
      return true;
    }
    heldBackSince ??= performance.now();
    if (performance.now() - heldBackSince < patience) return false;
    heldBackSince = null;
    return true;
  }

  async function look(): Promise<void> {
    if (isBusy || !mayGoOn()) return;
    isBusy = true;
    try {
      await embedMessages(deps, async () => {
        await new Promise((resolve) => setImmediate(resolve)); // whoever waits for the event loop comes first
        return mayGoOn();
      });
    } catch (error) {
      if (!ended) deps.log.warn({ err: error }, "messages could not be embedded; they are found by words alone so far");
    } finally {
      isBusy = false;
    }
  }

  const timer = setInterval(() => void look(), every);
  timer.unref();
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
