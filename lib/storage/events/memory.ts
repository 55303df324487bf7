import { IdSource, isEventId } from "./ids.ts";
import { Rings } from "./ring.ts";
import { Subscription } from "./subscription.ts";
import type { EventLog, LogPage } from "./types.ts";

export type EventLogOptions = {
  /** Entries kept of each stream; default 2,000. */
  capacity?: number | undefined;
  /** Memory: how long a stream without subscribers is kept; default 900,000 (15 minutes). */
  idleMilliseconds?: number | undefined;
  /** Entries that may wait for one slow subscriber before it reads the log again; default 500. */
  queueLimit?: number | undefined;
  now?: (() => number) | undefined;
};

export const pageSize = 200;

/** An event log of this process alone. */
export function openMemoryEventLog(options: EventLogOptions = {}): EventLog {
  const { capacity = 2_000, idleMilliseconds = 15 * 60_000, queueLimit = 500, now = Date.now } = options;
  const subscribers = new Map<string, Set<Subscription>>();
  const rings = new Rings({
    ids: new IdSource(now),
    now,
    capacity,
    idleMilliseconds,
    isInUse: (stream) => subscribers.has(stream),
  });
  const sweeper = setInterval(() => rings.sweep(), Math.min(60_000, idleMilliseconds)).unref();
  let appended = 0;
  let resets = 0;

  return {
    name: "events:memory",

    async append(stream, event) {
      const entry = rings.append(stream, asJson(event));
      appended++;
      for (const subscription of subscribers.get(stream) ?? []) subscription.push(entry);
      return entry.id;
    },

    latestId: async (stream) => rings.latestId(stream),

    subscribe(stream, { after, signal }) {
      const subscription = new Subscription({
        signal,
        after: after ?? rings.latestId(stream),
        read: async (place) => readRing(rings, stream, place),
        latestId: async () => rings.latestId(stream),
        queueLimit,
        onReset: () => {
          resets++;
        },
        onClose: (closed) => leave(subscribers, stream, closed),
      });
      join(subscribers, stream, subscription);
      return subscription;
    },

    stats: () => ({ appended, keptLocal: 0, resets, subscribers: count(subscribers) }),

    health: async () => ({ backend: "events:memory", ok: true, milliseconds: 0, detail: null }),

    async close() {
      clearInterval(sweeper);
      for (const group of [...subscribers.values()]) for (const subscription of [...group]) subscription.close();
      rings.clear();
    },
  };
}

/** A page of a ring; an id that is none of ours (whoever reconnects may send anything) is one that reaches nowhere. */
export function readRing(rings: Rings, stream: string, after: string): LogPage {
  if (isEventId(after)) return rings.read(stream, after, pageSize);
  return { isComplete: false, entries: [], hasMore: false, latestId: rings.latestId(stream) };
}

/** The event as every subscriber gets it, in each kind of log: a copy that went through JSON. */
export function asJson(event: unknown): unknown {
  const json = JSON.stringify(event);
  if (json === undefined) throw new TypeError("an event must be a JSON value");
  return JSON.parse(json);
}

export function join(subscribers: Map<string, Set<Subscription>>, stream: string, subscription: Subscription): boolean {
  if (subscription.isClosed) return false;
  const group = subscribers.get(stream) ?? new Set();
  subscribers.set(stream, group.add(subscription));
  return group.size === 1;
}

/** Returns whether the stream has no subscriber left. */
export function leave(
  subscribers: Map<string, Set<Subscription>>,
  stream: string,
  subscription: Subscription,
): boolean {
  const group = subscribers.get(stream);
  if (!group?.delete(subscription) || group.size > 0) return false;
  return subscribers.delete(stream);
}

export function count(subscribers: Map<string, Set<Subscription>>): number {
  let total = 0;
  for (const group of subscribers.values()) total += group.size;
  return total;
}
