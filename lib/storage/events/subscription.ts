import { compareIds } from "./ids.ts";
import type { EventDelivery, LogEntry, LogPage } from "./types.ts";

export type SubscriptionOptions = {
  signal: AbortSignal;
  /** The id to go on after, or the promise of the newest one. */
  after: string | Promise<string>;
  read: (after: string) => Promise<LogPage>;
  latestId: () => Promise<string>;
  /** Entries that may wait for a slow subscriber before they are dropped and read again from the log. */
  queueLimit: number;
  onReset: () => void;
  onClose: (subscription: Subscription) => void;
};

/**
 * One subscriber's place in a stream. Live entries are pushed into a bounded queue; at its start, after an overflow and
 * after an outage it reads the log from its place instead, and entries are told apart by id, so none comes twice.
 */
export class Subscription implements AsyncIterable<EventDelivery> {
  readonly #options: SubscriptionOptions;
  #place: string | null = null;
  #queue: LogEntry[] = [];
  #mustRead = true;
  #mustReset = false;
  #isClosed = false;
  #wake: (() => void) | null = null;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    if (options.signal.aborted) this.close();
    else options.signal.addEventListener("abort", this.close, { once: true });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  push(entry: LogEntry): void {
    if (this.#queue.length >= this.#options.queueLimit) {
      this.#queue = [];
      this.#mustRead = true;
    } else this.#queue.push(entry);
    this.#wakeUp();
  }

  /** Says that pushed entries may be missing: the log is read again. With `reset`, that they are missing for sure. */
  refresh({ reset = false } = {}): void {
    this.#mustRead = true;
    this.#mustReset ||= reset;
    this.#wakeUp();
  }

  close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#queue = [];
    this.#options.signal.removeEventListener("abort", this.close);
    this.#options.onClose(this);
    this.#wakeUp();
  };

  async *[Symbol.asyncIterator](): AsyncGenerator<EventDelivery, void, undefined> {
    try {
      while (!this.#isClosed) {
        if (this.#mustRead) yield* this.#readLog();
        else if (this.#queue.length > 0) yield* this.#deliver(this.#queue.shift() as LogEntry);
        else await this.#sleep();
      }
    } finally {
      this.close();
    }
  }

  async *#readLog(): AsyncGenerator<EventDelivery> {
    this.#mustRead = false;
    this.#place ??= await this.#options.after;
    if (this.#mustReset) {
      this.#mustReset = false;
      this.#place = await this.#options.latestId();
      yield this.#reset();
    }
    const page = await this.#options.read(this.#place);
    if (!page.isComplete) {
      this.#place = page.latestId;
      yield this.#reset();
      return;
    }
    this.#mustRead ||= page.hasMore;
    for (const entry of page.entries) {
      if (this.#isClosed) return;
      yield* this.#deliver(entry);
    }
  }

  *#deliver(entry: LogEntry): Generator<EventDelivery> {
    if (this.#place !== null && compareIds(entry.id, this.#place) <= 0) return;
    this.#place = entry.id;
    if (entry.kind === "event") yield { id: entry.id, event: entry.event };
    else if (entry.kind === "reset") yield this.#reset();
  }

  #reset(): EventDelivery {
    this.#options.onReset();
    return { reset: true };
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
