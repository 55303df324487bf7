import type { Redis } from "ioredis";
import type { LogEntry, LogPage } from "./types.ts";

/**
 * Adds and publishes in one step, so that the order of the stream is the order of the channel. KEYS stream; ARGV channel,
 * JSON of the event or "", length to keep, seconds to keep, and the milliseconds a reset mark must lie after or "".
 */
const append = `
local function announce(id, kind, payload)
  redis.call('PUBLISH', ARGV[1], id .. ' ' .. kind .. ' ' .. payload)
  return id
end
local function add(command, id, kind, payload)
  return command('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], id, 'kind', kind, 'payload', payload)
end
local added = ''
if ARGV[5] ~= '' then
  added = add(redis.pcall, ARGV[5] .. '-*', 'reset', '')
  if type(added) ~= 'string' then added = add(redis.call, '*', 'reset', '') end
  announce(added, 'reset', '')
end
if ARGV[2] ~= '' then added = announce(add(redis.call, '*', 'event', ARGV[2]), 'event', ARGV[2]) end
redis.call('EXPIRE', KEYS[1], ARGV[4])
return added`;

/** The newest id; an empty stream gets an entry to begin with, which is what later readers find they have not missed. */
const latest = `
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local id = last[1] and last[1][1] or redis.call('XADD', KEYS[1], '*', 'kind', 'start', 'payload', '')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return id`;

/**
 * Entries after ARGV[1], at most ARGV[2]. Streams lose their oldest entries first, so nothing after an id is missing
 * exactly when some entry at or before it is still there.
 */
const read = `
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
if not last[1] then return {0, '', {}} end
local reached = redis.call('XRANGE', KEYS[1], '-', ARGV[1], 'COUNT', 1)
if not reached[1] then return {0, last[1][1], {}} end
return {1, last[1][1], redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])}`;

type Scripted = {
  probatumAppendEvent(key: string, ...args: (string | number)[]): Promise<string>;
  probatumLatestEvent(key: string, seconds: number): Promise<string>;
  probatumReadEvents(
    key: string,
    after: string,
    limit: number,
  ): Promise<[isComplete: number, latestId: string, entries: [id: string, fields: string[]][]]>;
};

export type EventCommands = {
  append(input: { key: string; channel: string; payload: string; resetAfter: number | null }): Promise<string>;
  latest(key: string): Promise<string>;
  read(key: string, after: string, limit: number): Promise<LogPage>;
};

export function eventCommands(client: Redis, capacity: number, ttlSeconds: number): EventCommands {
  client.defineCommand("probatumAppendEvent", { numberOfKeys: 1, lua: append });
  client.defineCommand("probatumLatestEvent", { numberOfKeys: 1, lua: latest });
  client.defineCommand("probatumReadEvents", { numberOfKeys: 1, lua: read });
  const scripted = client as unknown as Scripted;
  return {
    append: ({ key, channel, payload, resetAfter }) =>
      scripted.probatumAppendEvent(
        key,
        channel,
        payload,
        capacity,
        ttlSeconds,
        resetAfter === null ? "" : resetAfter + 1,
      ),
    latest: (key) => scripted.probatumLatestEvent(key, ttlSeconds),
    async read(key, after, limit) {
      const [isComplete, latestId, rows] = await scripted.probatumReadEvents(key, after, limit);
      const entries = rows.map(([id, fields]) => entryOf(id, fields[1] ?? "", fields[3] ?? ""));
      return { isComplete: isComplete === 1, latestId, entries, hasMore: rows.length === limit };
    },
  };
}

/** A message of the channel: id, kind and payload, a space between. */
export function parseMessage(message: string): LogEntry {
  const kindAt = message.indexOf(" ") + 1;
  const payloadAt = message.indexOf(" ", kindAt) + 1;
  return entryOf(message.slice(0, kindAt - 1), message.slice(kindAt, payloadAt - 1), message.slice(payloadAt));
}

function entryOf(id: string, kind: string, payload: string): LogEntry {
  if (kind === "event") return { id, kind, event: JSON.parse(payload) };
  return { id, kind: kind === "reset" ? "reset" : "start", event: null };
}
