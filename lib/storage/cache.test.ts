import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { type Cache, openCache } from "./cache.ts";
import { openRedis } from "./redis.ts";
import { openRedisProxy, type RedisProxy, recordingLogger, until } from "./redis-proxy.ts";

const address = process.env.REDIS_URL;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const hour = { ttlSeconds: 3600 };

/** What the cache must do with and without Redis. */
function describeCache(open: () => Promise<Cache>) {
  test("computes once and keeps the value, counting hits and misses", async () => {
    const cache = await open();
    let computed = 0;
    const compute = async () => ({ answer: "Größe", nested: [1, null, { deep: true }], turn: ++computed });
    const first = await cache.getOrCompute("question", hour, compute);
    expect(await cache.getOrCompute("question", hour, compute)).toEqual(first);
    expect(await cache.get("question")).toEqual(first);
    expect(await cache.get("another")).toBeUndefined();
    expect(computed).toBe(1);
    expect(cache.stats()).toEqual({ hits: 2, misses: 2, errors: 0 });
  });

  test("simultaneous calls with one key share one computation, and its error", async () => {
    const cache = await open();
    let computed = 0;
    let finish = (_: string) => {};
    const slow = () => {
      computed++;
      return new Promise<string>((resolve) => {
        finish = resolve;
      });
    };
    const calls = Array.from({ length: 50 }, () => cache.getOrCompute("shared", hour, slow));
    await until(() => computed > 0, "the computation began");
    finish("value");
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["value"]));
    expect(computed).toBe(1);

    const failing = async () => {
      computed++;
      throw new RangeError("the model is down");
    };
    const failures = await Promise.allSettled(
      Array.from({ length: 5 }, () => cache.getOrCompute("bad", hour, failing)),
    );
    expect(failures.map((failure) => failure.status === "rejected" && failure.reason)).toEqual(
      Array(5).fill(new RangeError("the model is down")),
    );
    expect(computed).toBe(2);
    expect(await cache.getOrCompute("bad", hour, async () => "recovered")).toBe("recovered");
  });

  test("keeps only what it was told to keep", async () => {
    const cache = await open();
    let turn = 0;
    const compute = async () => ({ status: "failed", turn: ++turn });
    const options = { ...hour, keepIf: (value: { status: string }) => value.status === "answered" };
    await cache.getOrCompute("status", options, compute);
    expect(await cache.getOrCompute("status", options, compute)).toEqual({ status: "failed", turn: 2 });
    expect(await cache.getOrCompute("nothing", hour, async () => undefined)).toBeUndefined();
    expect(await cache.getOrCompute("null", hour, async () => null)).toBeNull();
    expect(await cache.getOrCompute<unknown>("null", hour, async () => "computed again")).toBeNull();
  });

  test("lets values go after their time", async () => {
    const cache = await open();
    await cache.set("short", "value", { ttlSeconds: 0.03 });
    await until(async () => (await cache.get("short")) === undefined, "the value expired");
  });

  test("deletes by key, by tag and altogether", async () => {
    const cache = await open();
    await cache.set("one", 1, { ...hour, tags: ["pubmed"] });
    await cache.set("two", 2, { ...hour, tags: ["pubmed", "labels"] });
    await cache.set("three", 3, { ...hour, tags: ["labels"] });
    await cache.set("four", 4, hour);
    const all = () => Promise.all(["one", "two", "three", "four"].map((key) => cache.get(key)));
    expect(await all()).toEqual([1, 2, 3, 4]);
    await cache.delete("four");
    expect(await all()).toEqual([1, 2, 3, undefined]);
    await cache.deleteByTag(["pubmed"]);
    expect(await all()).toEqual([undefined, undefined, 3, undefined]);
    await cache.clear();
    expect(await all()).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("does not keep what was computed from before an invalidation, nor gives it to who asks after it", async () => {
    const cache = await open();
    let started = false;
    let finish = (_: string) => {};
    const stale = cache.getOrCompute("corpus", hour, () => {
      started = true;
      return new Promise<string>((resolve) => {
        finish = resolve;
      });
    });
    await until(() => started, "the computation began");
    await cache.delete("corpus");
    expect(await cache.getOrCompute("corpus", hour, async () => "new")).toBe("new");
    finish("old");
    expect(await stale).toBe("old");
    expect(await cache.get("corpus")).toBe("new");
  });

  test("a value that is no JSON is given back and counted, not thrown", async () => {
    const cache = await open();
    expect(await cache.getOrCompute("big", hour, async () => ({ big: 1n }))).toEqual({ big: 1n });
    expect(cache.stats()).toEqual({ hits: 0, misses: 1, errors: 1 });
  });

  test("reports itself well, naming itself", async () => {
    const cache = await open();
    expect(await cache.health()).toMatchObject({ backend: cache.name, ok: true });
  });
}

describe("cache in memory", () => {
  describeCache(() => openCache({ prefix: "test", logger: recordingLogger() }));

  test("holds no more than its bounds", async () => {
    const cache = await openCache({ prefix: "t", logger: recordingLogger(), maximumEntries: 10, maximumBytes: 5_000 });
    for (let index = 0; index < 30; index++) await cache.set(`small-${index}`, index, hour);
    const kept = await Promise.all(Array.from({ length: 30 }, (_, index) => cache.get(`small-${index}`)));
    expect(kept.filter((value) => value !== undefined)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    for (let index = 0; index < 5; index++) await cache.set(`large-${index}`, "x".repeat(2_000), hour);
    const large = await Promise.all(Array.from({ length: 5 }, (_, index) => cache.get(`large-${index}`)));
    expect(large.filter((value) => value !== undefined)).toHaveLength(2);
  });
});

const name = address ? "cache on a real Redis" : "cache on a real Redis (skipped: REDIS_URL is not set)";
describe.skipIf(!address)(name, () => {
  async function openProcess(options: { prefix?: string; through?: RedisProxy } = {}) {
    const { prefix = `test-${randomUUID()}`, through } = options;
    const logger = recordingLogger();
    const redis = await openRedis(through?.address ?? address ?? "", {
      logger,
      readyWithinMilliseconds: 1_000,
      commandTimeoutMilliseconds: 200,
      maximumReconnectMilliseconds: 100,
    });
    const cache = await openCache({ redis, prefix, logger });
    closers.push(async () => {
      if (redis.isReady()) await cache.clear();
      await cache.close();
      await redis.close();
    });
    return { cache, redis, logger, prefix };
  }

  async function openProxy() {
    const proxy = await openRedisProxy(address ?? "");
    closers.push(() => proxy.close());
    return proxy;
  }

  describeCache(async () => (await openProcess()).cache);

  test("processes share values, and hear of each other's changes", async () => {
    const prefix = `test-${randomUUID()}`;
    const [left, right] = [await openProcess({ prefix }), await openProcess({ prefix })];
    await left.cache.set("key", "first", { ...hour, tags: ["tag"] });
    expect(await right.cache.get("key")).toBe("first");
    await left.cache.set("key", "second", { ...hour, tags: ["tag"] });
    await until(async () => (await right.cache.get("key")) === "second", "the other process saw the change");
    await right.cache.deleteByTag(["tag"]);
    await until(async () => (await left.cache.get("key")) === undefined, "the tag reached the other process");
    await left.cache.set("key", "third", hour);
    await until(async () => (await right.cache.get("key")) === "third", "the other process saw it again");
    await right.cache.delete("key");
    await until(async () => (await left.cache.get("key")) === undefined, "the deletion reached the other process");
  });

  test("falls through to the computation while Redis is dead, counts it, and comes back with it", async () => {
    const proxy = await openProxy();
    const { cache, redis, logger } = await openProcess({ through: proxy });
    await cache.set("held in memory", "kept", hour);
    await proxy.kill();
    await until(() => !redis.isReady(), "Redis was lost");
    const errors = cache.stats().errors;
    expect(await cache.getOrCompute("new", hour, async () => "computed")).toBe("computed");
    expect(await cache.getOrCompute("held in memory", hour, async () => "not needed")).toBe("kept");
    expect(cache.stats().errors).toBeGreaterThan(errors);
    expect(await cache.health()).toMatchObject({ ok: false });
    await proxy.restore();
    await until(async () => (await cache.health()).ok, "Redis was back");
    await cache.set("after", 1, hour);
    expect(logger.lines.filter(({ message }) => message.includes("away"))).toHaveLength(2);
  });

  test("what was deleted during an outage is gone for every process after it", async () => {
    const prefix = `test-${randomUUID()}`;
    const proxy = await openProxy();
    const [cut, other] = [await openProcess({ prefix, through: proxy }), await openProcess({ prefix })];
    await other.cache.set("by key", "stale", hour);
    await other.cache.set("by tag", "stale", { ...hour, tags: ["retracted"] });
    await proxy.kill();
    await until(() => !cut.redis.isReady(), "Redis was lost");
    await cut.cache.delete("by key");
    await cut.cache.deleteByTag(["retracted"]);
    expect(await other.cache.get("by key")).toBe("stale");
    await proxy.restore();
    for (const key of ["by key", "by tag"])
      await until(async () => (await other.cache.get(key)) === undefined, `"${key}" was gone`);
    expect(await cut.cache.get("by key")).toBeUndefined();
    expect(await cut.cache.get("by tag")).toBeUndefined();
  });

  test("changes made while a process was cut off are not hidden by its memory afterwards", async () => {
    const prefix = `test-${randomUUID()}`;
    const proxy = await openProxy();
    const [cut, other] = [await openProcess({ prefix, through: proxy }), await openProcess({ prefix })];
    await cut.cache.set("key", "old", hour);
    await proxy.kill();
    await until(() => !cut.redis.subscriber.isReady(), "Redis was lost");
    await other.cache.set("key", "new", hour);
    expect(await cut.cache.get("key")).toBe("old");
    await proxy.restore();
    await until(async () => (await cut.cache.get("key")) === "new", "the change was seen");
  });

  test("a Redis that goes silent costs its time limit and is then treated as lost", async () => {
    const proxy = await openProxy();
    const { cache, redis } = await openProcess({ through: proxy });
    proxy.swallow();
    const started = performance.now();
    expect(await cache.getOrCompute("silent", hour, async () => "computed")).toBe("computed");
    expect(performance.now() - started).toBeLessThan(3_000);
    await until(() => !redis.isReady(), "the silent connection was given up");
    await proxy.kill();
    await proxy.restore();
    await until(() => redis.isReady(), "Redis was back");
    await cache.set("again", "kept", hour);
    expect(await cache.get("again")).toBe("kept");
  });
});
