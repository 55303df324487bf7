import { randomUUID } from "node:crypto";
import type { StorageLogger } from "../storage/backend.ts";
import type { RedisConnection } from "../storage/redis.ts";

export interface LeaseOptions {
  redis?: RedisConnection | undefined;
  /** How many one key may hold at once. */
  limit: number;
  /** How many processes share the limit: while Redis is away, each allows its part. */
  processes: number;
  prefix: string;
  logger: StorageLogger;
  /** Milliseconds after which the leases of a process that died are free again; default 60,000. */
  lifetime?: number;
}

export interface Lease {
  /** Gives it back; more than once does nothing. */
  release(): void;
}

/** Things that are held for a while, so many at a time: answers being made, event streams held open. */
export interface Leases {
  readonly limit: number;
  /** Null when the key holds as many as it may. Never throws for an outage: a stricter limit of this process holds. */
  take(key: string): Promise<Lease | null>;
  close(): void;
}

// A lease whose time is up belonged to a process that is gone: living ones renew theirs.
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

const renewScript = `
local time = redis.call('TIME')
local ends = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
for at = 2, #ARGV do redis.call('ZADD', KEYS[1], ends, ARGV[at]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`;

/** Leases counted atomically in Redis, or in this process. */
export function openLeases(options: LeaseOptions): Leases {
  const { redis, limit, processes, prefix, logger, lifetime = 60_000 } = options;
  const alone = redis ? Math.max(1, Math.floor(limit / processes)) : limit;
  const held = new Map<string, Set<string>>();
  const keyOf = (key: string) => `${prefix}:${key}`;

  function keep(key: string): string | null {
    const own = held.get(key) ?? new Set();
    if (own.size >= limit) return null;
    const id = randomUUID();
    held.set(key, own.add(id));
    return id;
  }

  function drop(key: string, id: string): boolean {
    const own = held.get(key);
    if (!own?.delete(id)) return false;
    if (own.size === 0) held.delete(key);
    return true;
  }

  async function isGranted(key: string, id: string): Promise<boolean> {
    if (!redis) return true;
    try {
      if (!redis.isReady()) throw new Error("Redis is away");
      return (await redis.commands.eval(takeScript, 1, keyOf(key), limit, lifetime, id)) === 1;
    } catch (error) {
      logger.warn({ backend: redis.name, err: error }, "What is held at once is counted in this process");
      return (held.get(key)?.size ?? 0) <= alone;
    }
  }

  async function renew(): Promise<void> {
    if (!redis?.isReady()) return;
    const renewals = [...held].map(([key, ids]) =>
      redis.commands.eval(renewScript, 1, keyOf(key), lifetime, ...ids).catch(() => undefined),
    );
    await Promise.all(renewals);
  }
  const timer = redis && setInterval(() => void renew(), lifetime / 3);
  timer?.unref();

  return {
    limit,
    async take(key) {
      const id = keep(key);
      if (id === null) return null;
      if (!(await isGranted(key, id))) {
        drop(key, id);
        return null;
      }
      return {
        release() {
          if (drop(key, id) && redis?.isReady()) redis.commands.zrem(keyOf(key), id).catch(() => undefined);
        },
      };
    },
    close: () => clearInterval(timer),
  };
}
