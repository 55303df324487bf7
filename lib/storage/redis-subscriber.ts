import type { Redis } from "ioredis";

type Listener = (message: string) => void;

const watchMilliseconds = 10_000;
const retryMilliseconds = 200;

/**
 * The channels of one process on one connection. After a lost connection it subscribes again by itself and then tells
 * `onResubscribed`, since what was published in between is gone.
 */
export class RedisSubscriber {
  readonly #connection: Redis;
  readonly #reportFailure: (error: unknown) => void;
  readonly #channels = new Map<string, Set<Listener>>();
  readonly #resubscribed = new Set<() => void>();
  readonly #watch: NodeJS.Timeout;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** False from a lost connection until everyone was told: a message in between would hide the gap before it. */
  #isLive = false;

  constructor(connection: Redis, reportFailure: (error: unknown) => void) {
    this.#connection = connection;
    this.#reportFailure = reportFailure;
    connection.on("ready", () => void this.#subscribeAll());
    connection.on("close", () => {
      this.#isLive = false;
    });
    connection.on("message", (channel: string, message: string) => {
      if (!this.#isLive) return;
      for (const listener of [...(this.#channels.get(channel) ?? [])]) listener(message);
    });
    // A connection that died without a word (a dropped route) shows only when it is asked something.
    this.#watch = setInterval(() => void this.#checkAlive(), watchMilliseconds).unref();
  }

  isReady(): boolean {
    return this.#connection.status === "ready";
  }

  /**
   * Resolves true once every later message of the channel reaches the listener, false when Redis is away (then
   * `onResubscribed` tells when it does).
   */
  async subscribe(channel: string, listener: Listener): Promise<boolean> {
    const listeners = this.#channels.get(channel) ?? new Set();
    listeners.add(listener);
    this.#channels.set(channel, listeners);
    try {
      // Also for a channel already asked for: the answer to the first request may still be under way.
      await this.#connection.subscribe(channel);
      return true;
    } catch (error) {
      if (this.isReady()) this.#retryLater(error);
      return false;
    }
  }

  unsubscribe(channel: string, listener: Listener): void {
    const listeners = this.#channels.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#channels.delete(channel);
    // A failure is a lost connection, and a new one does not ask for this channel again.
    if (this.isReady()) this.#connection.unsubscribe(channel).catch(() => {});
  }

  onResubscribed(listener: () => void): () => void {
    this.#resubscribed.add(listener);
    return () => this.#resubscribed.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    this.#channels.clear();
    this.#resubscribed.clear();
  }

  async #subscribeAll(): Promise<void> {
    if (this.#isClosed) return;
    try {
      const channels = [...this.#channels.keys()];
      if (channels.length > 0) await this.#connection.subscribe(...channels);
    } catch (error) {
      if (this.isReady()) this.#retryLater(error);
      return;
    }
    this.#isLive = true;
    for (const listener of [...this.#resubscribed]) listener();
  }

  #retryLater(error: unknown): void {
    if (this.#isClosed) return;
    this.#reportFailure(error);
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#subscribeAll(), retryMilliseconds);
  }

  async #checkAlive(): Promise<void> {
    if (!this.isReady()) return;
    try {
      await this.#connection.ping();
    } catch {
      // Reconnecting is the report: it shows as an outage in the log and resubscribes.
      if (!this.#isClosed && this.isReady()) this.#connection.disconnect(true);
    }
  }
}
