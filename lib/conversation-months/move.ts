import {
  type MovableConversation,
  selectIdleConversations,
  selectMovedLines,
  takeAwayMoved,
  trimEmptyMonth,
} from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { newKey } from "./keys.ts";
import { getLines, putLines, summarise } from "./lines.ts";

type MoveDeps = Pick<Deps, "database" | "objects" | "log">;

export interface MoveReport {
  /** Conversations moved now. */
  moved: number;
  messages: number;
  /** As stored. */
  bytes: number;
  /** Conversations that were used or changed while they were moved; the next moving takes them. */
  stayed: number;
  /** Nothing of the month is left in the database. */
  emptied: boolean;
}

export interface MoveOptions {
  /** Only conversations that nobody has written in for so many days. */
  idleDays: number;
  signal?: AbortSignal;
  onProgress?: (report: MoveReport) => void;
}

/** Conversations under way at once: an object store is waited for most of the time. */
const atOnce = 8;
const pageSize = 500;
/**
 * An object that belongs to no conversation is removed after a day; a moving that has taken longer than this since it
 * wrote its object gives it up, so that the two can never meet.
 */
const longestSeconds = 3_600;

/**
 * Moves a month's idle conversations to the object store, each to an object of its own, and gives back the room they
 * took once the month is empty. Ended at any point nothing is lost or doubled: a conversation's rows go in the transaction that
 * notes where they lie, after the object has been read back; the same call goes on with the rest.
 */
export async function moveMonth(
  deps: MoveDeps,
  month: string,
  { idleDays, signal, onProgress }: MoveOptions,
): Promise<MoveReport> {
  const report: MoveReport = { moved: 0, messages: 0, bytes: 0, stayed: 0, emptied: false };
  for (let after: string | null = null; ; ) {
    const page: MovableConversation[] = await selectIdleConversations(deps.database, month, idleDays, {
      after,
      limit: pageSize,
    });
    await eachOf(page, deps.database.isEmbedded ? 1 : atOnce, async (conversation) => {
      signal?.throwIfAborted();
      const moved = await moveConversation(deps, conversation, idleDays);
      if (!moved) report.stayed += 1;
      else {
        report.moved += 1;
        report.messages += moved.messages;
        report.bytes += moved.bytes;
      }
    });
    onProgress?.(report);
    after = page.at(-1)?.id ?? null;
    if (page.length < pageSize) break;
  }
  report.emptied = await trimEmptyMonth(deps.database, month);
  return report;
}

/** @returns null when the conversation has been used meanwhile: it stays as it is */
async function moveConversation(
  deps: MoveDeps,
  conversation: MovableConversation,
  idleDays: number,
): Promise<{ messages: number; bytes: number } | null> {
  const key = newKey(conversation);
  const started = performance.now();
  const written = await putLines(deps, key, (after, limit) =>
    selectMovedLines(deps.database, conversation, after, limit),
  );
  const place = { key, ...written };
  await getLines(deps, place); // what cannot be read back is not moved
  const isMoved = await takeAwayMoved(deps.database, conversation, idleDays, place, async (readPage) => {
    const now = await summarise(readPage);
    return now.sha256 === place.sha256 && performance.now() - started < 1000 * longestSeconds;
  });
  if (isMoved) return place;
  await deps.objects.delete(key);
  return null;
}

/** Does the work for all, so many at once; the first failure ends it once those under way have ended. */
async function eachOf<T>(items: T[], count: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  let failed = false;
  const worker = async () => {
    for (let item = left.shift(); item !== undefined && !failed; item = left.shift()) {
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: count }, worker));
  const failure = ended.find((end) => end.status === "rejected");
  if (failure) throw failure.reason;
}
