import { createHash } from "node:crypto";
import type { StorageLogger } from "../storage/backend.ts";
import type { RedisConnection } from "../storage/redis.ts";

/**
 * Sessions in Redis for better-auth: a copy that saves reading them, never the truth. What Redis cannot do is as if it
 * knew nothing, and Postgres is asked; what it could not forget signs nobody in, because `findViewer` asks Postgres for
 * every session. One-time tokens are not kept here at all.
 */
export function openSessionStorage(redis: RedisConnection, logger: StorageLogger) {
  const keyOf = (key: string) => `probatum:session:${createHash("sha256").update(key).digest("base64url")}`;
  const isKept = (key: string) => !key.startsWith("verification:");
  let isAway = false;

  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      const result = await work();
      isAway = false;
      return result;
    } catch (error) {
      if (!isAway) logger.warn({ backend: redis.name, err: error }, "Sessions are read from the database");
      isAway = true;
      return null;
    }
  }

  return {
    get: (key: string): Promise<string | null> =>
      isKept(key) ? attempt(() => redis.commands.get(keyOf(key))) : Promise.resolve(null),
    async getAndDelete(key: string): Promise<string | null> {
      return isKept(key) ? attempt(() => redis.commands.getdel(keyOf(key))) : null;
    },
    async set(key: string, value: string, seconds?: number): Promise<void> {
      if (!isKept(key)) return;
      await attempt(() =>
        seconds ? redis.commands.set(keyOf(key), value, "EX", seconds) : redis.commands.set(keyOf(key), value),
      );
    },
    /** Asked for by better-auth's own rate limits, which are off. */
    async increment(key: string, seconds: number): Promise<number> {
      const count = await redis.commands.incr(keyOf(key));
      if (count === 1) await redis.commands.expire(keyOf(key), seconds);
      return count;
    },
    async delete(key: string): Promise<void> {
      if (isKept(key)) await attempt(() => redis.commands.del(keyOf(key)));
    },
  };
}
