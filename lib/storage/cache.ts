import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { type BackendHealth, probe, type StorageLogger } from "./backend.ts";
import { openSharedTier, type SharedTier } from "./cache-redis.ts";
import type { RedisConnection } from "./redis.ts";
import { reasonOf } from "./storage-error.ts";

export type CacheOptions = {
  /** Absent: a cache of this process alone. */
  redis?: RedisConnection | undefined;
  prefix: string;
  logger: StorageLogger;
  /** Most entries held in this process's memory, default 1,000, and most bytes of them, default 64 MiB. */
  maximumEntries?: number | undefined;
  maximumBytes?: number | undefined;
};

export type CacheEntryOptions<Value> = {
  ttlSeconds: number;
  tags?: string[];
  /** Whether the value may be kept; default always. */
  keepIf?: (value: Value) => boolean;
};

/**
 * JSON values under keys. An outage is a miss: nothing here throws but what `compute` throws. What was deleted while
 * Redis was away is deleted there when it is back.
 */
export type Cache = {
  readonly name: string;
  /** The kept value, or what `compute` gives; simultaneous calls with one key share one computation and its error. */
  getOrCompute<Value>(key: string, options: CacheEntryOptions<Value>, compute: () => Promise<Value>): Promise<Value>;
  /** Undefined when nothing is kept. */
  get<Value>(key: string): Promise<Value | undefined>;
  set(key: string, value: unknown, options: { ttlSeconds: number; tags?: string[] }): Promise<void>;
  delete(key: string): Promise<void>;
  deleteByTag(tags: string[]): Promise<void>;
  clear(): Promise<void>;
  /** Since the start of this process; `errors` are operations that failed in the cache and went on without it. */
  stats(): { hits: number; misses: number; errors: number };
  health(): Promise<BackendHealth>;
  close(): Promise<void>;
};

const maximumPending = 10_000;

export async function openCache(options: CacheOptions): Promise<Cache> {
  const { redis, prefix, logger, maximumEntries = 1_000, maximumBytes = 64 * 1024 * 1024 } = options;
  const name = redis ? `cache:memory+${redis.name}` : "cache:memory";
  const totals = { hits: 0, misses: 0, errors: 0 };
  const shared = redis
    ? openSharedTier(redis, prefix, () => {
        totals.errors++;
      })
    : null;
  const memory = bentostore().useL1Layer(memoryDriver({ maxItems: maximumEntries, maxSize: maximumBytes }));
  // Errors of the second layer must not throw: bentocache would keep the key's lock. The driver counts them.
  const bento = new BentoCache({
    default: "main",
    stores: { main: shared ? withSharedTier(memory, shared) : memory },
    prefix: `${prefix}:cache`,
    suppressL2Errors: true,
  });
  const running = new Map<string, Promise<unknown>>();
  /** Rises with every invalidation: what was computed before one is not kept after it. */
  let generation = 0;
  bento.use();
  await shared?.ready;

  /** Runs an operation of the cache; a failure is counted, logged and answered with undefined. */
  async function attempt<Result>(operation: string, run: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await run();
    } catch (error) {
      totals.errors++;
      logger.warn({ backend: name, operation, reason: reasonOf(error) }, "The cache failed; going on without it");
      return undefined;
    }
  }

  async function computeAndKeep<Value>(
    key: string,
    { ttlSeconds, tags = [], keepIf = () => true }: CacheEntryOptions<Value>,
    compute: () => Promise<Value>,
  ): Promise<Value> {
    const kept = (await attempt("get", () => bento.get({ key }))) as Value | undefined;
    if (kept !== undefined) {
      totals.hits++;
      return kept;
    }
    totals.misses++;
    const startedIn = generation;
    const value = await compute();
    if (value === undefined || !keepIf(value) || generation !== startedIn) return value;
    await attempt("set", () => bento.set({ key, value, ttl: ttlSeconds * 1000, tags }));
    return value;
  }

  async function invalidate(operation: string, invalidation: Invalidation): Promise<void> {
    generation++;
    running.clear();
    await attempt(operation, () => invalidations.run(invalidation));
  }

  const invalidations = openInvalidations(shared, {
    keys: (keys) => bento.deleteMany({ keys }),
    tags: (tags) => bento.deleteByTag({ tags }),
    all: () => bento.clear(),
  });

  return {
    name,

    async getOrCompute<Value>(key: string, entry: CacheEntryOptions<Value>, compute: () => Promise<Value>) {
      const other = running.get(key);
      if (other) {
        totals.hits++;
        return other as Promise<Value>;
      }
      const computing = computeAndKeep(key, entry, compute).finally(() => {
        if (running.get(key) === computing) running.delete(key);
      });
      running.set(key, computing);
      return computing;
    },

    async get<Value>(key: string) {
      const value = (await attempt("get", () => bento.get({ key }))) as Value | undefined;
      if (value === undefined) totals.misses++;
      else totals.hits++;
      return value;
    },

    async set(key, value, { ttlSeconds, tags = [] }) {
      await attempt("set", () => bento.set({ key, value, ttl: ttlSeconds * 1000, tags }));
    },

    delete: (key) => invalidate("delete", { keys: [key] }),

    deleteByTag: (tags) => invalidate("deleteByTag", { tags }),

    clear: () => invalidate("clear", { all: true }),

    stats: () => ({ ...totals }),

    health: async () =>
      redis ? probe(name, () => redis.commands.ping()) : { backend: name, ok: true, milliseconds: 0, detail: null },

    async close() {
      invalidations.close();
      await bento.disconnectAll();
    },
  };
}

function withSharedTier(memory: BentoStore, shared: SharedTier): BentoStore {
  // biome-ignore lint/correctness/useHookAtTopLevel: a builder's method, not a React hook
  return memory.useL2Layer(shared.driver).useBus(shared.bus);
}

type BentoStore = ReturnType<typeof bentostore>;
type Invalidation = { keys?: string[]; tags?: string[]; all?: boolean };

/** Runs invalidations, and those that failed in Redis once more when it is back, so that no stale entry survives there. */
function openInvalidations(
  shared: SharedTier | null,
  run: {
    keys: (keys: string[]) => Promise<unknown>;
    tags: (tags: string[]) => Promise<unknown>;
    all: () => Promise<unknown>;
  },
) {
  const pending = { keys: new Set<string>(), tags: new Set<string>(), all: false };

  async function runNow({ keys = [], tags = [], all = false }: Invalidation): Promise<void> {
    const failuresBefore = shared?.failures() ?? 0;
    if (all) await run.all();
    if (keys.length > 0) await run.keys(keys);
    if (tags.length > 0) await run.tags(tags);
    if (!shared || shared.failures() === failuresBefore) return;
    for (const key of keys) pending.keys.add(key);
    for (const tag of tags) pending.tags.add(tag);
    pending.all ||= all || pending.keys.size + pending.tags.size > maximumPending;
    if (!pending.all) return;
    pending.keys.clear();
    pending.tags.clear();
  }

  const forget = shared?.onReady(() => {
    const { all } = pending;
    const [keys, tags] = [[...pending.keys], [...pending.tags]];
    pending.keys.clear();
    pending.tags.clear();
    pending.all = false;
    // A failure puts them back, and is counted where it happens.
    if (all || keys.length + tags.length > 0) runNow({ keys, tags, all }).catch(() => {});
  });

  return { run: runNow, close: () => forget?.() };
}
