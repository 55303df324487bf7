import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { StorageLogger } from "../storage/backend.ts";
import type { RedisConnection } from "../storage/redis.ts";
import { LocalWindows } from "./local-window.ts";

export type RateLimiterOptions = {
  /** Absent: limits count in this process alone. */
  redis?: RedisConnection | undefined;
  /** What one key may take in a window; default 60. */
  points?: number | undefined;
  /** Length of the window, which begins with a key's first request and is not moved by later ones; default 60. */
  durationSeconds?: number | undefined;
  /** How many processes share the limit: while Redis is away, each allows its part; default 2. */
  processes?: number | undefined;
  prefix: string;
  logger: StorageLogger;
};

export type RateLimitDecision = {
  allowed: boolean;
  /** The points in force: fewer while Redis is away. */
  limit: number;
  remaining: number;
  windowSeconds: number;
  /** Whole seconds until the window ends. */
  resetSeconds: number;
  /** Whole seconds to wait; 0 when allowed. */
  retryAfterSeconds: number;
};

export type RateLimiter = {
  /** Takes points, one unless said. Never throws for an outage: without Redis a stricter limit of this process holds. */
  consume(key: string, amount?: number): Promise<RateLimitDecision>;
};

/**
 * A fixed window for each key, counted atomically in Redis or in memory. Each process keeps what it has seen of the
 * shared count, and what it granted itself: when Redis goes in the middle of a window, or comes back empty, nobody gets
 * more than the window holds.
 */
export function openRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { redis, points = 60, durationSeconds = 60, processes = 2, prefix, logger } = options;
  const local = new LocalWindows(1000 * durationSeconds);
  const decide = (limit: number, allowed: boolean, count: { spent: number; millisecondsLeft: number }) => {
    const resetSeconds = Math.max(1, Math.ceil(count.millisecondsLeft / 1000));
    const remaining = Math.max(0, limit - count.spent);
    return {
      allowed,
      limit,
      remaining: allowed ? remaining : 0,
      windowSeconds: durationSeconds,
      resetSeconds,
      retryAfterSeconds: allowed ? 0 : resetSeconds,
    };
  };
  const alone = (key: string, amount: number, limit: number) => {
    const count = local.take(key, amount, limit);
    return decide(limit, count.allowed, count);
  };
  if (!redis) return { consume: async (key, amount = 1) => alone(key, amount, points) };

  const insurancePoints = Math.max(1, Math.floor(points / processes));
  const shared = new RateLimiterRedis({
    points,
    duration: durationSeconds,
    keyPrefix: prefix,
    storeClient: redis.commands,
    rejectIfRedisNotReady: true,
  });
  let isInsured = false;

  return {
    async consume(key, amount = 1) {
      try {
        const { allowed, ...count } = await consumeShared(shared, points, key, amount);
        if (isInsured) logger.info({ backend: redis.name }, "Rate limits are counted in Redis again");
        isInsured = false;
        const known = local.follow(key, allowed ? amount : 0, count);
        return decide(points, allowed && known.spent <= points, { ...count, spent: known.spent });
      } catch (error) {
        if (!isInsured)
          logger.warn({ backend: redis.name, insurancePoints, err: error }, "Rate limits are counted in this process");
        isInsured = true;
        return alone(key, amount, insurancePoints);
      }
    },
  };
}

/** What a refused request takes counts in Redis too: a window that is over its limit stays so until its end. */
async function consumeShared(limiter: RateLimiterRedis, points: number, key: string, amount: number) {
  const outcome = await limiter.consume(key, amount).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });
  return {
    allowed: outcome.consumedPoints <= points,
    spent: outcome.consumedPoints,
    millisecondsLeft: outcome.msBeforeNext,
  };
}
