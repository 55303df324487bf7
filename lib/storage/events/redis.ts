import { probe, type StorageLogger } from "../backend.ts";
import type { RedisConnection } from "../redis.ts";
import { reasonOf } from "../storage-error.ts";
import { compareIds, IdSource, isEventId, millisecondsOf } from "./ids.ts";
import { asJson, count, type EventLogOptions, join, leave, pageSize, readRing } from "./memory.ts";
import { eventCommands, parseMessage } from "./redis-scripts.ts";
import { Rings } from "./ring.ts";
import { Subscription } from "./subscription.ts";
import type { EventLog, LogEntry, LogPage } from "./types.ts";

export type RedisEventLogOptions = EventLogOptions & {
  redis: RedisConnection;
  prefix: string;
  logger: StorageLogger;
  /** How long a stream outlives its last use; default 3,600. */
  ttlSeconds?: number | undefined;
};

const recoveryMilliseconds = 1_000;

/**
 * An event log shared by all processes on one Redis. While Redis is away, events reach the subscribers of the process
 * that made them; once it is back, a reset mark is put into every stream so touched, and every subscriber, in whichever
 * process and however late it connects, learns of the gap when it passes the mark.
 */
export function openRedisEventLog(options: RedisEventLogOptions): EventLog {
  const { redis, prefix, logger, capacity = 2_000, queueLimit = 500, now = Date.now } = options;
  const name = `events:${redis.name}`;
  const commands = eventCommands(redis.commands, capacity, options.ttlSeconds ?? 3_600);
  const subscribers = new Map<string, Set<Subscription>>();
  /** Subscriptions whose place came from this process's memory: Redis cannot say what they missed. */
  const placedLocally = new WeakSet<Subscription>();
  /** Streams whose mark is due, with the last id this process gave out for them. */
  const marksDue = new Map<string, string>();
  const ids = new IdSource(now);
  const idleMilliseconds = options.idleMilliseconds ?? 15 * 60_000;
  const isInUse = (stream: string) => subscribers.has(stream);
  const rings = new Rings({ ids, now, capacity, idleMilliseconds, isInUse });
  const totals = { appended: 0, keptLocal: 0, resets: 0 };
  let isLocal = false;
  let recovering: Promise<void> | null = null;
  let mustRecover = false;
  let retry: NodeJS.Timeout | undefined;
  let isClosed = false;

  const keyOf = (stream: string) => `${prefix}:events:${stream}`;
  const channelOf = (stream: string) => `${prefix}:live:${stream}`;

  /** With an id, one that this process gave out for the stream: a mark is due. */
  function goLocal(stream: string, id: string | null, error: unknown): void {
    if (!isLocal) logger.warn({ backend: name, reason: reasonOf(error) }, "Events stay in this process");
    isLocal = true;
    if (id !== null) marksDue.set(stream, id);
    if (!isClosed) retry ??= setTimeout(recover, recoveryMilliseconds).unref();
  }

  async function send(stream: string, payload: string): Promise<string> {
    if (!redis.isReady()) throw new Error("Redis is away");
    const due = marksDue.get(stream);
    marksDue.delete(stream);
    try {
      const resetAfter = due === undefined ? null : millisecondsOf(due);
      const id = await commands.append({ key: keyOf(stream), channel: channelOf(stream), payload, resetAfter });
      ids.observe(id);
      if (due !== undefined && !marksDue.has(stream)) rings.delete(stream);
      return id;
    } catch (error) {
      if (due !== undefined && !marksDue.has(stream)) marksDue.set(stream, due);
      throw error;
    }
  }

  async function latestId(stream: string): Promise<string> {
    try {
      if (!redis.isReady()) throw new Error("Redis is away");
      const id = await commands.latest(keyOf(stream));
      ids.observe(id);
      return id;
    } catch (error) {
      const id = rings.latestId(stream);
      goLocal(stream, id, error);
      return id;
    }
  }

  async function read(stream: string, after: string, subscription: Subscription): Promise<LogPage> {
    try {
      if (!redis.isReady()) throw new Error("Redis is away");
      const incomplete = async () => ({
        isComplete: false,
        entries: [],
        hasMore: false,
        latestId: await latestId(stream),
      });
      if (!isEventId(after) || placedLocally.delete(subscription)) return await incomplete();
      const page = await commands.read(keyOf(stream), after, pageSize);
      const isBeyond = page.latestId === "" || compareIds(after, page.latestId) > 0;
      return page.isComplete && !isBeyond ? page : await incomplete();
    } catch (error) {
      placedLocally.add(subscription);
      goLocal(stream, null, error);
      return readRing(rings, stream, after);
    }
  }

  function deliver(stream: string, entry: LogEntry): void {
    for (const subscription of subscribers.get(stream) ?? []) {
      // A mark tells of everything before it, and its id is one that Redis knows.
      if (entry.kind === "reset") placedLocally.delete(subscription);
      subscription.push(entry);
    }
  }

  /** Sets the marks that are due and lets every subscriber read what it did not hear. */
  async function recoverOnce(): Promise<void> {
    for (const [stream, id] of [...marksDue]) {
      try {
        await send(stream, "");
      } catch (error) {
        goLocal(stream, id, error);
        return;
      }
    }
    if (isLocal && marksDue.size === 0) {
      isLocal = false;
      rings.clear();
      logger.info({ backend: name }, "Events go through Redis again");
    }
    for (const group of subscribers.values())
      for (const subscription of group) subscription.refresh({ reset: placedLocally.delete(subscription) });
  }

  /** One at a time; what happened during one calls for another. */
  function recover(): void {
    clearTimeout(retry);
    retry = undefined;
    mustRecover = true;
    recovering ??= (async () => {
      while (mustRecover && !isClosed && redis.isReady() && redis.subscriber.isReady()) {
        mustRecover = false;
        await recoverOnce();
      }
    })().finally(() => {
      recovering = null;
    });
  }

  const forget = [redis.onReady(recover), redis.subscriber.onResubscribed(recover)];
  const listeners = new Map<string, (message: string) => void>();

  function listen(stream: string): Promise<boolean> {
    const listener = (message: string) => {
      const entry = parseMessage(message);
      ids.observe(entry.id);
      deliver(stream, entry);
    };
    listeners.set(stream, listener);
    return redis.subscriber.subscribe(channelOf(stream), listener);
  }

  function stopListening(stream: string): void {
    const listener = listeners.get(stream);
    listeners.delete(stream);
    if (listener) redis.subscriber.unsubscribe(channelOf(stream), listener);
  }

  const listening = new Map<string, Promise<boolean>>();

  return {
    name,

    async append(stream, event) {
      const payload = JSON.stringify(asJson(event));
      totals.appended++;
      try {
        return await send(stream, payload);
      } catch (error) {
        const entry = rings.append(stream, JSON.parse(payload));
        totals.keptLocal++;
        goLocal(stream, entry.id, error);
        for (const subscription of subscribers.get(stream) ?? []) placedLocally.add(subscription);
        deliver(stream, entry);
        return entry.id;
      }
    },

    latestId,

    subscribe(stream, { after, signal }) {
      const subscription: Subscription = new Subscription({
        signal,
        after: after ?? latestId(stream),
        read: async (place) => {
          // First to hear, then to read: an event in between comes twice and is known by its id.
          await listening.get(stream);
          return read(stream, place, subscription);
        },
        latestId: () => latestId(stream),
        queueLimit,
        onReset: () => {
          totals.resets++;
        },
        onClose: (closed) => {
          if (!leave(subscribers, stream, closed)) return;
          listening.delete(stream);
          stopListening(stream);
        },
      });
      if (join(subscribers, stream, subscription)) listening.set(stream, listen(stream));
      return subscription;
    },

    stats: () => ({ ...totals, subscribers: count(subscribers) }),

    health: () =>
      probe(name, async () => {
        await redis.commands.ping();
        if (!redis.subscriber.isReady()) throw new Error("the subscriber connection is away");
      }),

    async close() {
      isClosed = true;
      clearTimeout(retry);
      for (const stop of forget) stop();
      for (const group of [...subscribers.values()]) for (const subscription of [...group]) subscription.close();
      await recovering;
      rings.clear();
    },
  };
}
