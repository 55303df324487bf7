import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { StorageLogger } from "../storage/backend.ts";
import type { RedisConnection } from "../storage/redis.ts";
import { openMemoryPresence } from "./memory.ts";
import { type Holds, type PresenceStore, presentOf, usualHolds } from "./store.ts";

/**
 * One hash a conversation: `here|<process>|<person>` holds when it ends and the name, `asking|<person>` when it ends,
 * both in milliseconds of Redis' own clock. KEYS hash; ARGV channel, seconds a person holds, the process, JSON of
 * `{ here: [[id, name]], gone: [id] }`. Writes, drops what has ended, tells the channel when somebody came or went, and
 * returns the hash.
 */
const exchange = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local news = cjson.decode(ARGV[4])
local changed = false
for _, person in ipairs(news.here) do
  local field = 'here|' .. ARGV[3] .. '|' .. person[1]
  local value = string.format('%d', now + ARGV[2] * 1000) .. '|' .. person[2]
  if redis.call('HSET', KEYS[1], field, value) == 1 then changed = true end
end
for _, id in ipairs(news.gone) do
  if redis.call('HDEL', KEYS[1], 'here|' .. ARGV[3] .. '|' .. id) == 1 then changed = true end
end
local all = redis.call('HGETALL', KEYS[1])
local kept = {}
for at = 1, #all, 2 do
  local ends = tonumber(string.match(all[at + 1], '^%d+'))
  if ends == nil or ends <= now then
    redis.call('HDEL', KEYS[1], all[at])
    changed = true
  else
    table.insert(kept, all[at])
    table.insert(kept, all[at + 1])
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
if changed then redis.call('PUBLISH', ARGV[1], ARGV[3]) end
return kept`;

/** KEYS hash; ARGV channel, milliseconds it holds or 0, the person, seconds a hash is kept, the process. */
const ask = `
local field = 'asking|' .. ARGV[3]
local changed
if ARGV[2] == '0' then
  changed = redis.call('HDEL', KEYS[1], field) == 1
else
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  changed = redis.call('HSET', KEYS[1], field, string.format('%d', now + ARGV[2])) == 1
  redis.call('EXPIRE', KEYS[1], ARGV[4])
end
if changed then redis.call('PUBLISH', ARGV[1], ARGV[5]) end
return 0`;

type Scripted = {
  probatumExchangePresence(key: string, ...args: (string | number)[]): Promise<string[]>;
  probatumAsking(key: string, ...args: (string | number)[]): Promise<number>;
};

export interface RedisPresenceOptions {
  redis: RedisConnection;
  prefix: string;
  logger: StorageLogger;
  holds?: Holds | undefined;
}

/** All processes on one Redis. While it is away each knows its own people only. */
export function openRedisPresence({ redis, prefix, logger, holds = usualHolds }: RedisPresenceOptions): PresenceStore {
  const name = `presence:${redis.name}`;
  const own = randomUUID();
  const alone = openMemoryPresence(holds);
  const scripted = withScripts(redis.commands);
  const keyOf = (conversationId: string) => `${prefix}:presence:${conversationId}`;
  const channelOf = (conversationId: string) => `${prefix}:present:${conversationId}`;
  let isAway = false;

  /** What Redis says, or else what this process knows. */
  async function shared<T>(work: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> {
    try {
      if (!redis.isReady()) throw new Error("Redis is away");
      const result = await work();
      if (isAway) logger.info({ backend: name }, "Who is there goes through Redis again");
      isAway = false;
      return result;
    } catch (error) {
      if (!isAway) logger.warn({ backend: name, err: error }, "Who is there stays in this process");
      isAway = true;
      return await otherwise();
    }
  }

  return {
    name,

    exchange: (conversationId, here, gone) =>
      shared(
        async () => {
          const news = JSON.stringify({ here: here.map((person) => [person.id, person.name]), gone });
          const rows = await scripted.probatumExchangePresence(
            keyOf(conversationId),
            channelOf(conversationId),
            holds.here,
            own,
            news,
          );
          return presentInHash(rows);
        },
        () => alone.exchange(conversationId, here, gone),
      ),

    async setAsking(conversationId, personId, asking) {
      const milliseconds = asking ? holds.asking * 1000 : 0;
      const [key, channel] = [keyOf(conversationId), channelOf(conversationId)];
      await shared(
        async () => void (await scripted.probatumAsking(key, channel, milliseconds, personId, holds.here, own)),
        () => alone.setAsking(conversationId, personId, asking),
      );
    },

    listen(conversationId, changed) {
      const listener = (from: string) => {
        if (from !== own) changed();
      };
      void redis.subscriber.subscribe(channelOf(conversationId), listener);
      return () => redis.subscriber.unsubscribe(channelOf(conversationId), listener);
    },
  };
}

function presentInHash(rows: string[]) {
  const people = new Map<string, string>();
  const asking = new Set<string>();
  for (let at = 0; at + 1 < rows.length; at += 2) {
    const [field = "", value = ""] = rows.slice(at, at + 2);
    const id = field.slice(field.lastIndexOf("|") + 1);
    if (field.startsWith("here|")) people.set(id, value.slice(value.indexOf("|") + 1));
    else asking.add(id);
  }
  return presentOf(people, (id) => asking.has(id));
}

function withScripts(client: Redis): Scripted {
  client.defineCommand("probatumExchangePresence", { numberOfKeys: 1, lua: exchange });
  client.defineCommand("probatumAsking", { numberOfKeys: 1, lua: ask });
  return client as unknown as Scripted;
}
