import { compareIds, type IdSource } from "./ids.ts";
import type { LogEntry, LogPage } from "./types.ts";

type Ring = { entries: LogEntry[] /** Everything later than this id is held. */; since: string; usedAt: number };

export type RingOptions = {
  ids: IdSource;
  now: () => number;
  /** Entries kept of each stream; up to a tenth more stay until they are cut off together. */
  capacity: number;
  idleMilliseconds: number;
  /** A stream somebody listens to is not idle. */
  isInUse: (stream: string) => boolean;
};

/** The last entries of each stream in this process's memory. */
export class Rings {
  readonly #options: RingOptions;
  readonly #rings = new Map<string, Ring>();
  #sweptAt: number;

  constructor(options: RingOptions) {
    this.#options = options;
    this.#sweptAt = options.now();
  }

  append(stream: string, event: unknown): LogEntry {
    const { ids, capacity } = this.#options;
    const ring = this.#open(stream);
    const entry: LogEntry = { id: ids.next(), kind: "event", event };
    ring.entries.push(entry);
    if (ring.entries.length > capacity * 1.1) {
      const dropped = ring.entries.splice(0, ring.entries.length - capacity);
      ring.since = dropped.at(-1)?.id ?? ring.since;
    }
    return entry;
  }

  latestId(stream: string): string {
    const ring = this.#open(stream);
    return ring.entries.at(-1)?.id ?? ring.since;
  }

  read(stream: string, after: string, limit: number): LogPage {
    const ring = this.#open(stream);
    const latestId = ring.entries.at(-1)?.id ?? ring.since;
    if (compareIds(after, ring.since) < 0 || compareIds(after, latestId) > 0)
      return { isComplete: false, entries: [], hasMore: false, latestId };
    let low = 0;
    let high = ring.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareIds((ring.entries[middle] as LogEntry).id, after) <= 0) low = middle + 1;
      else high = middle;
    }
    const entries = ring.entries.slice(low, low + limit);
    return { isComplete: true, entries, hasMore: low + limit < ring.entries.length, latestId };
  }

  delete(stream: string): void {
    this.#rings.delete(stream);
  }

  clear(): void {
    this.#rings.clear();
  }

  get size(): number {
    return this.#rings.size;
  }

  /** Forgets streams that nobody wrote to, read or listened to for the idle time. */
  sweep(): void {
    const { now, idleMilliseconds, isInUse } = this.#options;
    this.#sweptAt = now();
    for (const [stream, ring] of this.#rings)
      if (isInUse(stream)) ring.usedAt = now();
      else if (now() - ring.usedAt >= idleMilliseconds) this.#rings.delete(stream);
  }

  #open(stream: string): Ring {
    const { ids, now, idleMilliseconds } = this.#options;
    if (now() - this.#sweptAt >= idleMilliseconds / 15) this.sweep();
    let ring = this.#rings.get(stream);
    if (!ring) {
      ring = { entries: [], since: ids.next(), usedAt: now() };
      this.#rings.set(stream, ring);
    }
    ring.usedAt = now();
    return ring;
  }
}
