/** Who has a conversation open now, and who is writing a question. Kept nowhere: it is told, and forgotten. */

import type { StorageLogger } from "../storage/backend.ts";
import type { RedisConnection } from "../storage/redis.ts";
import { type PresenceBook, type PresenceTimes, presenceBook } from "./book.ts";
import { openMemoryPresence } from "./memory.ts";
import { openRedisPresence } from "./redis.ts";

export type { PresenceBook } from "./book.ts";

/** Of this process, or with Redis of all that share it. */
export function openPresence(
  options: { redis: RedisConnection | undefined; prefix: string; logger: StorageLogger },
  times?: PresenceTimes,
): PresenceBook {
  const { redis } = options;
  return presenceBook(redis ? openRedisPresence({ ...options, redis }) : openMemoryPresence(), options.logger, times);
}
