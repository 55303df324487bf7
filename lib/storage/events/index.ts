import type { StorageLogger } from "../backend.ts";
import type { RedisConnection } from "../redis.ts";
import { type EventLogOptions, openMemoryEventLog } from "./memory.ts";
import { openRedisEventLog } from "./redis.ts";
import type { EventLog } from "./types.ts";

export { compareIds } from "./ids.ts";
export type { EventDelivery, EventLog, EventLogStats, SubscribeOptions } from "./types.ts";

/** The event log of this process, or with Redis the one all processes share. */
export function openEventLog(
  options: EventLogOptions & {
    redis?: RedisConnection | undefined;
    prefix: string;
    logger: StorageLogger;
    ttlSeconds?: number | undefined;
  },
): EventLog {
  const { redis } = options;
  return redis ? openRedisEventLog({ ...options, redis }) : openMemoryEventLog(options);
}
