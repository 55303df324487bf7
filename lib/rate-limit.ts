import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { StorageLogger } from "./storage/backend.ts";
import type { RedisConnection } from "./storage/redis.ts";

export type RateLimiterOptions = {
  /** Absent: limits count in this process alone. */
  redis?: RedisConnection | undefined;
  /** Requests a user may make in one window; default 60. */
  points?: number | undefined;
  /** Length of the window, which begins with a user's first request and is not moved by later ones; default 60. */
  durationSeconds?: number | undefined;
  prefix: string;
  logger: StorageLogger;
};

export type RateLimitDecision = {
  allowed: boolean;
  /** The points in force: fewer while Redis is away. */
  limit: number;
  remaining: number;
  /** Whole seconds until the window ends. */
  resetSeconds: number;
  /** Whole seconds to wait; 0 when allowed. */
  retryAfterSeconds: number;
};

export type RateLimiter = {
  /** Takes one point. Never throws for an outage: without Redis a stricter limit of this process holds. */
  consume(userId: string): Promise<RateLimitDecision>;
};

/** A fixed window for each user, counted atomically in Redis or in memory. */
export function openRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { redis, points = 60, durationSeconds = 60, prefix, logger } = options;
  const window = { duration: durationSeconds, keyPrefix: prefix };
  if (!redis) {
    const memory = new RateLimiterMemory({ ...window, points });
    return { consume: (userId) => decide(memory, points, userId) };
  }

  // Every process counts on its own while Redis is away, so each allows half: stricter for one, bounded for several.
  const insurancePoints = Math.max(1, Math.floor(points / 2));
  const insurance = new RateLimiterMemory({ ...window, points: insurancePoints });
  const shared = new RateLimiterRedis({ ...window, points, storeClient: redis.commands, rejectIfRedisNotReady: true });
  let isInsured = false;

  return {
    async consume(userId) {
      try {
        const decision = await decide(shared, points, userId);
        if (isInsured) logger.info({ backend: redis.name }, "Rate limits are counted in Redis again");
        isInsured = false;
        return decision;
      } catch (error) {
        if (!isInsured)
          logger.warn({ backend: redis.name, insurancePoints, err: error }, "Rate limits are counted in this process");
        isInsured = true;
        return decide(insurance, insurancePoints, userId);
      }
    },
  };
}

async function decide(
  limiter: RateLimiterMemory | RateLimiterRedis,
  limit: number,
  userId: string,
): Promise<RateLimitDecision> {
  const outcome = await limiter.consume(userId).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });
  const allowed = outcome.consumedPoints <= limit;
  const resetSeconds = Math.max(1, Math.ceil(outcome.msBeforeNext / 1000));
  const remaining = Math.max(0, limit - outcome.consumedPoints);
  return { allowed, limit, remaining, resetSeconds, retryAfterSeconds: allowed ? 0 : resetSeconds };
}
