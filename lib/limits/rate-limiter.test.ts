import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { openRedis } from "../storage/redis.ts";
import { openRedisProxy, recordingLogger, until } from "../storage/redis-proxy.ts";
import { openRateLimiter } from "./rate-limiter.ts";

const address = process.env.REDIS_URL;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openConnection(to: string) {
  const logger = recordingLogger();
  const redis = await openRedis(to, { logger, readyWithinMilliseconds: 1_000, maximumReconnectMilliseconds: 50 });
  closers.push(() => redis.close());
  return { redis, logger };
}

type Open = (options?: { points?: number; durationSeconds?: number }) => Promise<ReturnType<typeof openRateLimiter>>;

function describeRateLimiter(open: Open) {
  test("of 100 simultaneous requests exactly 60 pass", async () => {
    const limiter = await open();
    const decisions = await Promise.all(Array.from({ length: 100 }, () => limiter.consume("user")));
    const allowed = decisions.filter((decision) => decision.allowed);
    expect(allowed).toHaveLength(60);
    expect(allowed.map(({ remaining }) => remaining).sort((left, right) => right - left)).toEqual(
      Array.from({ length: 60 }, (_, index) => 59 - index),
    );
    for (const refused of decisions.filter((decision) => !decision.allowed)) {
      expect(refused).toMatchObject({ limit: 60, remaining: 0 });
      expect(refused.retryAfterSeconds).toBeGreaterThan(57);
      expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60);
    }
  });

  test("counts each user alone", async () => {
    const limiter = await open({ points: 1 });
    expect((await limiter.consume("one")).allowed).toBe(true);
    expect((await limiter.consume("one")).allowed).toBe(false);
    expect((await limiter.consume("two")).allowed).toBe(true);
  });

  test("a window ends on its time, however often it is asked meanwhile", async () => {
    const limiter = await open({ points: 2, durationSeconds: 1 });
    const started = performance.now();
    expect((await limiter.consume("eager")).allowed).toBe(true);
    expect((await limiter.consume("eager")).allowed).toBe(true);
    expect((await limiter.consume("eager")).allowed).toBe(false);
    let refusals = 0;
    await until(async () => (await limiter.consume("eager")).allowed || !++refusals, "the window ended");
    expect(refusals).toBeGreaterThan(10);
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(performance.now() - started).toBeLessThan(2_500);
  });
}

describe("rate limiter in memory", () => {
  describeRateLimiter(async (options) => openRateLimiter({ ...options, prefix: "test", logger: recordingLogger() }));
});

const name = address ? "rate limiter on a real Redis" : "rate limiter on a real Redis (skipped: REDIS_URL is not set)";
describe.skipIf(!address)(name, () => {
  describeRateLimiter(async (options) => {
    const { redis, logger } = await openConnection(address ?? "");
    return openRateLimiter({ ...options, redis, logger, prefix: `test-${randomUUID()}` });
  });

  test("processes share one count", async () => {
    const prefix = `test-${randomUUID()}`;
    const processes = await Promise.all([openConnection(address ?? ""), openConnection(address ?? "")]);
    const limiters = processes.map((connection) => openRateLimiter({ ...connection, prefix }));
    const decisions = await Promise.all(
      Array.from({ length: 100 }, (_, index) => limiters[index % 2]?.consume("user")),
    );
    expect(decisions.filter((decision) => decision?.allowed)).toHaveLength(60);
  });

  test("without Redis a stricter limit holds, never none, and the shared one returns with Redis", async () => {
    const proxy = await openRedisProxy(address ?? "");
    closers.push(() => proxy.close());
    const { redis, logger } = await openConnection(proxy.address);
    const limiter = openRateLimiter({ redis, logger, prefix: `test-${randomUUID()}` });
    expect(await limiter.consume("user")).toMatchObject({ allowed: true, limit: 60 });
    await proxy.kill();
    const decisions = await Promise.all(Array.from({ length: 100 }, () => limiter.consume("user")));
    // One was granted before: what a process granted in the window counts on.
    expect(decisions.filter((decision) => decision.allowed)).toHaveLength(29);
    expect(decisions[99]).toMatchObject({ allowed: false, limit: 30 });
    expect(await limiter.consume("another")).toMatchObject({ allowed: true, limit: 30, remaining: 29 });
    await proxy.restore();
    await until(() => redis.isReady(), "Redis was back");
    expect(await limiter.consume("user")).toMatchObject({ allowed: true, limit: 60, remaining: 29 });
    const words = logger.lines.map(({ message }) => message).filter((message) => message.startsWith("Rate limits"));
    expect(words).toEqual(["Rate limits are counted in this process", "Rate limits are counted in Redis again"]);
  });

  test.each([1, 5, 20, 45, 59])("Redis that is killed after %i of 100 requests opens nothing", async (before) => {
    const proxy = await openRedisProxy(address ?? "");
    closers.push(() => proxy.close());
    const prefix = `test-${randomUUID()}`;
    const processes = await Promise.all([openConnection(proxy.address), openConnection(proxy.address)]);
    const limiters = processes.map((connection) => openRateLimiter({ ...connection, prefix }));
    let allowed = 0;
    const ask = async (index: number) => {
      if ((await limiters[index % 2]?.consume("user"))?.allowed) allowed += 1;
    };
    await Promise.all(Array.from({ length: before }, (_, index) => ask(index)));
    expect(allowed).toBe(before);
    // Some are on their way to Redis while it goes.
    const onTheWay = Array.from({ length: 50 }, (_, index) => ask(index));
    await proxy.kill();
    await Promise.all(onTheWay);
    await Promise.all(Array.from({ length: 50 }, (_, index) => ask(index)));
    expect(allowed).toBeLessThanOrEqual(60);
    expect(allowed).toBeGreaterThanOrEqual(before);

    // It comes back without its count.
    const direct = await openConnection(address ?? "");
    await direct.redis.commands.del(`${prefix}:user`);
    await proxy.restore();
    for (const { redis } of processes) await until(() => redis.isReady(), "Redis was back");
    const one = { granted: 0 };
    for (let index = 0; index < 100; index += 1) if ((await limiters[0]?.consume("user"))?.allowed) one.granted += 1;
    expect(one.granted).toBeLessThanOrEqual(60 - Math.floor(before / 2));
  });
});
