import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { openRedis } from "../storage/redis.ts";
import { openRedisProxy, recordingLogger, until } from "../storage/redis-proxy.ts";
import { type Lease, type LeaseOptions, openLeases } from "./leases.ts";

const address = process.env.REDIS_URL;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(options: Partial<LeaseOptions> = {}) {
  const leases = openLeases({ limit: 3, processes: 2, prefix: "test", logger: recordingLogger(), ...options });
  closers.push(leases.close);
  return leases;
}

async function connect(to = address ?? "") {
  const logger = recordingLogger();
  const redis = await openRedis(to, { logger, readyWithinMilliseconds: 1_000, maximumReconnectMilliseconds: 50 });
  closers.push(() => redis.close());
  return { redis, logger };
}

const granted = (leases: (Lease | null)[]) => leases.filter((lease) => lease !== null);

async function holdsThree(leases: ReturnType<typeof open>[]) {
  const all = await Promise.all(Array.from({ length: 20 }, (_, index) => leases[index % leases.length]?.take("a")));
  const held = granted(all.map((lease) => lease ?? null));
  expect(held).toHaveLength(3);
  expect(await leases[0]?.take("b")).not.toBeNull();
  held[0]?.release();
  held[0]?.release();
  await until(async () => (await leases.at(-1)?.take("a")) !== null, "the place was free");
  expect(await leases[0]?.take("a")).toBeNull();
}

test("in memory, of 20 at once three are held, and one more when one is given back", () => holdsThree([open()]));

const name = address ? "on a real Redis" : "on a real Redis (skipped: REDIS_URL is not set)";
describe.skipIf(!address)(name, () => {
  test("two processes hold three together", async () => {
    const prefix = `test-${randomUUID()}`;
    await holdsThree([open({ ...(await connect()), prefix }), open({ ...(await connect()), prefix })]);
  });

  test("what a process held that died is free after a while, what a living one holds stays", async () => {
    const prefix = `test-${randomUUID()}`;
    const [dead, alive] = [await connect(), await connect()];
    const lost = open({ ...dead, prefix, lifetime: 600 });
    const kept = open({ ...alive, prefix, lifetime: 600 });
    expect(await kept.take("a")).not.toBeNull();
    expect(await lost.take("a")).not.toBeNull();
    expect(await lost.take("a")).not.toBeNull();
    expect(await kept.take("a")).toBeNull();
    lost.close();
    await until(async () => (await kept.take("a")) !== null, "the dead one's were free");
    await until(async () => (await kept.take("a")) !== null, "both of them");
    expect(await kept.take("a")).toBeNull();
  });

  test("without Redis each process lends its part, and never more than the whole", async () => {
    const proxy = await openRedisProxy(address ?? "");
    closers.push(() => proxy.close());
    const connection = await connect(proxy.address);
    const leases = open({ ...connection, limit: 6, prefix: `test-${randomUUID()}` });
    expect(await leases.take("a")).not.toBeNull();
    await proxy.kill();
    const all = await Promise.all(Array.from({ length: 20 }, () => leases.take("a")));
    expect(granted(all)).toHaveLength(2);
  });
});
