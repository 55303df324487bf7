import type { Env } from "../env.ts";
import { ProbatumError } from "../errors.ts";
import type { StorageLogger } from "../storage/backend.ts";
import type { RedisConnection } from "../storage/redis.ts";
import type { Counted } from "./headers.ts";
import { type LimitKind, limitKinds } from "./kinds.ts";
import { type Lease, type Leases, openLeases } from "./leases.ts";
import { limitedError } from "./limited-error.ts";
import { openRateLimiter, type RateLimiter } from "./rate-limiter.ts";

/** What one person, or one address, may do how often and how much of it at once. */
export interface Limits {
  /** Counts it. @throws RateLimitedError when it is too much */
  take(kind: LimitKind, key: string, amount?: number): Promise<Counted>;
  /** One more answer in the making. @throws ProbatumError 429 */
  beginAnswer(userId: string): Promise<Lease>;
  /** One more event stream. @throws ProbatumError 429 */
  beginStream(userId: string): Promise<Lease>;
  close(): void;
}

export interface LimitsOptions {
  redis?: RedisConnection | undefined;
  env: Env;
  logger: StorageLogger;
  /** Begins every key in Redis; default `probatum`. */
  prefix?: string;
}

export function openLimits({ redis, env, logger, prefix = "probatum" }: LimitsOptions): Limits {
  const processes = env.LIMIT_PROCESSES;
  const limiters = new Map<LimitKind, RateLimiter>();
  for (const [kind, { seconds, points }] of Object.entries(limitKinds)) {
    const limiter = openRateLimiter({
      redis,
      points: points(env),
      durationSeconds: seconds,
      processes,
      prefix: `${prefix}:limit:${kind}`,
      logger,
    });
    limiters.set(kind as LimitKind, limiter);
  }
  const held = { redis, processes, logger };
  const answers = openLeases({ ...held, limit: env.ANSWERS_PER_USER, prefix: `${prefix}:answers` });
  const streams = openLeases({ ...held, limit: env.STREAMS_PER_USER, prefix: `${prefix}:streams` });

  return {
    async take(kind, key, amount = 1) {
      const limiter = limiters.get(kind) as RateLimiter;
      const counted = { kind, ...(await limiter.consume(key, amount)) };
      if (!counted.allowed) throw limitedError(counted);
      return counted;
    },
    beginAnswer: (userId) =>
      begin(answers, userId, (count) =>
        count === "1"
          ? "Your last question is still being answered. Wait for its answer, or stop it."
          : `${count} of your questions are still being answered. Wait for one of them, or stop it.`,
      ),
    beginStream: (userId) =>
      begin(
        streams,
        userId,
        (count) => `You have ${count} conversations open at once. Close some of these pages first.`,
      ),
    close() {
      answers.close();
      streams.close();
    },
  };
}

async function begin(leases: Leases, userId: string, refusal: (count: string) => string): Promise<Lease> {
  const lease = await leases.take(userId);
  if (lease) return lease;
  const message = refusal(String(leases.limit));
  throw new ProbatumError(429, "too_many_at_once", message, { headers: { "Retry-After": "5" } });
}

/** The same limits, telling what one request was counted against. */
export function toldLimits(limits: Limits, told: Counted[]): Limits {
  return {
    ...limits,
    async take(kind, key, amount) {
      const counted = await limits.take(kind, key, amount);
      told.push(counted);
      return counted;
    },
  };
}
