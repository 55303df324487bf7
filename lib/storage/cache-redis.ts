import { RedisDriver } from "bentocache/drivers/redis";
import type { CreateBusDriverResult, CreateDriverResult } from "bentocache/types";
import type { RedisConnection } from "./redis.ts";

type BusDriver = ReturnType<CreateBusDriverResult["factory"]>;
type Handler = Parameters<BusDriver["subscribe"]>[1];

export type SharedTier = {
  driver: CreateDriverResult<RedisDriver>;
  bus: CreateBusDriverResult;
  /** Resolves once other processes' invalidations are heard, or Redis turned out to be away. */
  ready: Promise<unknown>;
  /** How many commands have failed so far. */
  failures: () => number;
  /** Calls the listener when Redis is back after an outage. */
  onReady: RedisConnection["onReady"];
};

/** bentocache's second layer and bus on a connection that is not its own: it neither opens nor closes one. */
export function openSharedTier(redis: RedisConnection, prefix: string, onFailure: () => void): SharedTier {
  let failures = 0;
  const counting = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    try {
      return await run();
    } catch (error) {
      failures++;
      onFailure();
      throw error;
    }
  };

  class SharedDriver extends RedisDriver {
    override get(key: string) {
      return counting(() => super.get(key));
    }
    override pull(key: string) {
      return counting(() => super.pull(key));
    }
    override set(key: string, value: string, ttl?: number) {
      return counting(() => super.set(key, value, ttl));
    }
    override delete(key: string) {
      return counting(() => super.delete(key));
    }
    override clear() {
      return counting(() => super.clear());
    }
    /** A pipeline keeps its commands' errors to itself; UNLINK of several keys is one command. */
    override deleteMany(keys: string[]) {
      return counting(async () => {
        if (keys.length > 0) await redis.commands.unlink(keys.map((key) => this.getItemKey(key)));
        return true;
      });
    }
    override async disconnect() {}
  }

  let announceReady: (value: unknown) => void;
  const ready = new Promise((resolve) => {
    announceReady = resolve;
  });
  const channelOf = (channel: string) => `${prefix}:${channel}`;
  const listeners = new Map<string, (message: string) => void>();
  const handlers = new Map<string, Handler>();
  let id = "";
  let forget = () => {};

  const transport: BusDriver = {
    setId(own) {
      id = own;
      return transport;
    },
    onReconnect(callback) {
      forget = redis.subscriber.onResubscribed(() => {
        // Invalidations of the meantime were not heard: the memory layer starts afresh.
        for (const handler of handlers.values()) handler({ type: "clear", keys: [], namespace: `${prefix}:cache` });
        callback();
      });
    },
    publish: (channel, payload) =>
      counting(async () => {
        await redis.commands.publish(channelOf(channel), JSON.stringify({ id, payload }));
      }),
    async subscribe(channel, handler) {
      const listener = (message: string) => {
        const { id: sender, payload } = JSON.parse(message);
        if (sender !== id) handler(payload);
      };
      listeners.set(channel, listener);
      handlers.set(channel, handler as Handler);
      announceReady(await redis.subscriber.subscribe(channelOf(channel), listener));
    },
    async unsubscribe(channel) {
      const listener = listeners.get(channel);
      if (listener) redis.subscriber.unsubscribe(channelOf(channel), listener);
      listeners.delete(channel);
      handlers.delete(channel);
    },
    async disconnect() {
      forget();
      for (const channel of [...listeners.keys()]) await transport.unsubscribe(channel);
    },
  };

  return {
    driver: {
      options: { connection: redis.commands },
      factory: (config) => new SharedDriver({ ...config, connection: redis.commands }),
    },
    bus: {
      options: { retryQueue: { enabled: true, maxSize: 1_000, retryInterval: false } },
      factory: () => transport,
    },
    ready,
    failures: () => failures,
    onReady: redis.onReady,
  };
}
