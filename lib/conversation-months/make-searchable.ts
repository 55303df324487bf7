import { randomUUID } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import { keepMovedSearch, type MovedText, movedTextsOf, selectEmbeddedMoved, selectUnsearchable } from "#db/index.ts";
import { type EmbedMessages, openMessageEmbedder } from "../conversations/find/message-embedder.ts";
import type { Deps } from "../deps.ts";
import { StorageError } from "../storage/storage-error.ts";
import { readMoved } from "./read.ts";

type SearchableDeps = Pick<Deps, "database" | "objects" | "embeddingsOf" | "running" | "log">;

export interface SearchableReport {
  /** Conversations that search knows now, or knows better. */
  conversations: number;
  /** Messages that were given a vector. */
  embedded: number;
  /** Conversations whose object is missing or damaged: looked at again another night. */
  unread: number;
}

export interface SearchableOptions {
  /** Conversations looked at, at most. */
  limit?: number;
  signal?: AbortSignal;
}

const pageSize = 100;
/** Embedded at once: each holds the event loop for some 30 ms. */
const batch = 4;
/** How long answers under way may hold one batch back, in milliseconds. */
const patience = 60_000;

/**
 * Lets search know of moved conversations that it does not know, or not by their meaning: those that were moved before
 * it could, and those of which a message had no vector yet. What is done stays done; who cuts it off goes on with the
 * rest another time, and several may do so at once. It begins at random and goes round, so that conversations whose
 * object is missing never keep it from the others.
 * @throws StorageError when the object store cannot be asked at all
 */
export async function makeSearchable(
  deps: SearchableDeps,
  { limit = 2_000, signal }: SearchableOptions = {},
): Promise<SearchableReport> {
  const report: SearchableReport = { conversations: 0, embedded: 0, unread: 0 };
  const embed = await embedderOf(deps);
  const start = randomUUID();
  let left = limit;
  for (const half of [
    { after: start, until: null },
    { after: null, until: start },
  ]) {
    for (let after: string | null = half.after; left > 0; ) {
      const asked = Math.min(pageSize, left);
      const page: string[] = await selectUnsearchable(deps.database, { after, until: half.until, limit: asked });
      for (const id of page) {
        signal?.throwIfAborted();
        await makeOneSearchable(deps, id, embed, report, signal);
      }
      left -= page.length;
      after = page.at(-1) ?? null;
      if (page.length < asked) break;
    }
  }
  return report;
}

async function makeOneSearchable(
  deps: SearchableDeps,
  id: string,
  embed: EmbedMessages | null,
  report: SearchableReport,
  signal: AbortSignal | undefined,
): Promise<void> {
  const moved = await readMoved(deps, id).catch((error: unknown) => {
    const isItsOwn = error instanceof StorageError && (error.code === "not_found" || error.code === "failed");
    if (!isItsOwn) throw error;
    deps.log.warn(
      { err: error, conversationId: id },
      "a moved conversation cannot be searched: its object is not there",
    );
    return undefined;
  });
  if (moved === undefined) report.unread += 1;
  if (!moved) return; // brought back meanwhile
  const texts = movedTextsOf(moved.lines);
  const vectors = embed ? await vectorsOf(deps, id, texts, embed, signal) : new Map<string, ArrayLike<number>>();
  if (!(await keepMovedSearch(deps.database, id, moved.place.key, texts, vectors))) return;
  report.conversations += 1;
  report.embedded += vectors.size;
}

async function vectorsOf(
  deps: SearchableDeps,
  id: string,
  texts: MovedText[],
  embed: EmbedMessages,
  signal: AbortSignal | undefined,
): Promise<Map<string, ArrayLike<number>>> {
  const known = await selectEmbeddedMoved(deps.database, id);
  const missing = texts.filter((text) => !known.has(text.id));
  const vectors = new Map<string, ArrayLike<number>>();
  for (let at = 0; at < missing.length; at += batch) {
    await untilQuiet(deps.running, signal);
    const some = missing.slice(at, at + batch);
    const embedded = await embed(some);
    for (const [place, text] of some.entries()) {
      const vector = embedded[place];
      if (!vector) throw new Error("a message came back without its vector");
      vectors.set(text.id, vector);
    }
  }
  return vectors;
}

/** Null when the model cannot be opened: words are found all the same, and the vectors follow another night. */
async function embedderOf(deps: SearchableDeps): Promise<EmbedMessages | null> {
  try {
    return await openMessageEmbedder(deps);
  } catch (error) {
    deps.log.warn({ err: error }, "moved messages could not be embedded; they are found by words alone so far");
    return null;
  }
}

async function untilQuiet(running: Deps["running"], signal: AbortSignal | undefined): Promise<void> {
  await setImmediate(); // whoever waits for the event loop comes first
  const since = performance.now();
  while (running.size > 0 && performance.now() - since < patience) await setTimeout(250, undefined, { signal });
}
