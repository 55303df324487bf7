import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openRedis } from "../storage/redis.ts";
import { openRedisProxy, recordingLogger, until } from "../storage/redis-proxy.ts";
import { freeFailures, type Lockout, openLockout, TooManyTriesError, type Tried, waitMinutes } from "./lockout.ts";

const server = process.env.REDIS_URL;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0).reverse()) await close();
});

const someone = (change: Partial<Tried> = {}): Tried => ({
  account: `${randomUUID()}@example.org`,
  address: null,
  ...change,
});

async function fail(lockout: Lockout, tried: Tried, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) await (await lockout.begin(tried)).failed();
}

async function secondsToWait(lockout: Lockout, tried: Tried): Promise<number> {
  const refusal = await lockout.begin(tried).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refusal).toBeInstanceOf(TooManyTriesError);
  return Number((refusal as TooManyTriesError).headers["Retry-After"]);
}

function describeLockout(open: () => Promise<Lockout>): void {
  test("of a hundred tries at once five are made", async () => {
    const [lockout, tried] = [await open(), someone()];
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => lockout.begin(tried)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(freeFailures.account);
  });

  test("after five failures one waits, whatever the case of the address; another account does not", async () => {
    const [lockout, tried] = [await open(), someone()];
    await fail(lockout, tried, 5);
    const seconds = await secondsToWait(lockout, someone({ account: ` ${tried.account?.toUpperCase()}` }));
    expect(seconds).toBeGreaterThan(55);
    expect(seconds).toBeLessThanOrEqual(60);
    await lockout.begin(someone());
  });

  test("a success forgets the failures of the account", async () => {
    const [lockout, tried] = [await open(), someone()];
    await fail(lockout, tried, 4);
    await (await lockout.begin(tried)).succeeded();
    await fail(lockout, tried, 4);
    await lockout.begin(tried);
  });

  test("what was no guess is not counted", async () => {
    const [lockout, tried] = [await open(), someone()];
    for (let at = 0; at < 12; at += 1) await (await lockout.begin(tried)).withdraw();
    await fail(lockout, tried, 5);
    expect(await secondsToWait(lockout, tried)).toBeGreaterThan(55);
  });

  test("one address that tries many accounts waits too, and a success of its own frees it of nothing", async () => {
    const lockout = await open();
    const address = randomUUID();
    for (let at = 0; at < freeFailures.address; at += 1) await fail(lockout, someone({ address }), 1);
    expect(await secondsToWait(lockout, someone({ address }))).toBeGreaterThan(55);
    await lockout.begin(someone({ address: randomUUID() }));
  });
}

test("the waits grow from one minute to sixty", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 50].map(waitMinutes)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

describe("lock-out in memory", () => {
  describeLockout(async () => openLockout({ logger: recordingLogger() }));

  test("when a wait is over one try is made, and the next wait is longer", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    const [lockout, tried] = [openLockout({ logger: recordingLogger() }), someone()];
    await fail(lockout, tried, 5);
    vi.advanceTimersByTime(61_000);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => lockout.begin(tried)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await secondsToWait(lockout, tried)).toBeGreaterThan(100);
  });
});

const name = server ? "lock-out on a real Redis" : "lock-out on a real Redis (skipped: REDIS_URL is not set)";
describe.skipIf(!server)(name, () => {
  const connect = async (to: string) => {
    const logger = recordingLogger();
    const redis = await openRedis(to, { logger, readyWithinMilliseconds: 1_000, maximumReconnectMilliseconds: 50 });
    closers.push(() => redis.close());
    return { redis, logger };
  };
  describeLockout(async () => openLockout(await connect(server ?? "")));

  test("processes count together", async () => {
    const tried = someone();
    await fail(openLockout(await connect(server ?? "")), tried, 5);
    expect(await secondsToWait(openLockout(await connect(server ?? "")), tried)).toBeGreaterThan(55);
  });

  test("when Redis goes the count goes on here: nobody is let in by it", async () => {
    const proxy = await openRedisProxy(server ?? "");
    closers.push(() => proxy.close());
    const { redis, logger } = await connect(proxy.address);
    const [lockout, tried] = [openLockout({ redis, logger }), someone()];
    await fail(lockout, tried, 4);
    await proxy.kill();
    await fail(lockout, tried, 1);
    expect(await secondsToWait(lockout, tried)).toBeGreaterThan(55);
    await proxy.restore();
    await until(() => redis.isReady(), "Redis was back");
    await fail(lockout, someone(), 1);
  });
});
