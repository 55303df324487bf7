import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { openRedis, type RedisConnection } from "../redis.ts";
import { openRedisProxy, type RedisProxy, recordingLogger, until } from "../redis-proxy.ts";
import { collect, describeEventLog } from "./contract.ts";
import { type EventLog, openEventLog } from "./index.ts";

const address = process.env.REDIS_URL;
const name = address ? "event log on a real Redis" : "event log on a real Redis (skipped: REDIS_URL is not set)";

describe.skipIf(!address)(name, () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** One process: a connection and a log of its own. */
  async function openProcess(options: { through?: RedisProxy; prefix?: string; now?: () => number } = {}) {
    const logger = recordingLogger();
    const redis = await openRedis(options.through?.address ?? address ?? "", {
      logger,
      readyWithinMilliseconds: 1_000,
      maximumReconnectMilliseconds: 100,
    });
    const { prefix = `test-${randomUUID()}`, now } = options;
    const log = openEventLog({ redis, prefix, logger, ttlSeconds: 60, now });
    closers.push(() => log.close().then(() => redis.close()));
    return { log, redis, logger };
  }

  async function openProxy() {
    const proxy = await openRedisProxy(address ?? "");
    closers.push(() => proxy.close());
    return proxy;
  }

  describeEventLog({
    open: async (options) => {
      const logger = recordingLogger();
      const redis = await openRedis(address ?? "", { logger });
      const log = openEventLog({ ...options, redis, prefix: `test-${randomUUID()}`, logger, ttlSeconds: 60 });
      closers.push(() => log.close().then(() => redis.close()));
      return log;
    },
  });

  const isAway = (redis: RedisConnection) => !redis.isReady() && !redis.subscriber.isReady();

  /** A subscriber that has heard one event live, so that it is known to be listening. */
  async function listening(log: EventLog, writer: EventLog, stream: string) {
    const reader = collect(log, stream, await writer.latestId(stream));
    await writer.append(stream, "hello");
    await reader.untilLast("hello");
    return reader;
  }

  test("two processes see each other's events in one order", async () => {
    const prefix = `test-${randomUUID()}`;
    const [left, right] = [await openProcess({ prefix }), await openProcess({ prefix })];
    const start = await left.log.latestId("shared");
    const readers = [collect(left.log, "shared", start), collect(right.log, "shared", start)];
    await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        (index % 2 ? left : right).log.append("shared", `${index % 2}:${index}`),
      ),
    );
    for (const reader of readers) await reader.until((all) => all.length === 400);
    expect(readers[0]?.received).toEqual(readers[1]?.received);
    for (const side of ["0", "1"]) {
      const own = readers[0]?.received
        .filter((event) => String(event).startsWith(side))
        .map((event) => Number(String(event).slice(2)));
      expect(own).toEqual([...(own ?? [])].sort((first, second) => first - second));
    }
    await Promise.all(readers.map((reader) => reader.stop()));
  });

  test("loses nothing that comes while the channel is still being joined", async () => {
    const prefix = `test-${randomUUID()}`;
    const { redis, logger } = await openProcess({ prefix });
    let join = () => {};
    const gate = new Promise<void>((resolve) => {
      join = resolve;
    });
    const subscriber = new Proxy(redis.subscriber, {
      get(target, property) {
        if (property === "subscribe")
          return (...input: Parameters<typeof target.subscribe>) => gate.then(() => target.subscribe(...input));
        const value = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const log = openEventLog({ redis: { ...redis, subscriber }, prefix, logger, ttlSeconds: 60 });
    closers.push(() => log.close());
    const reader = collect(log, "joining", await log.latestId("joining"));
    await log.latestId("joining");
    await log.append("joining", "early");
    join();
    await reader.untilLast("early");
    await log.append("joining", "late");
    await reader.untilLast("late");
    expect(reader.received).toEqual(["early", "late"]);
    await reader.stop();
  });

  test("keeps about its capacity in Redis, and only for its time", async () => {
    const prefix = `test-${randomUUID()}`;
    const logger = recordingLogger();
    const redis = await openRedis(address ?? "", { logger });
    const log = openEventLog({ redis, prefix, logger, capacity: 200, ttlSeconds: 60 });
    closers.push(() => log.close().then(() => redis.close()));
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => log.append("bounded", index)));
    const length = await redis.commands.xlen(`${prefix}:events:bounded`);
    expect(length).toBeGreaterThanOrEqual(200);
    expect(length).toBeLessThanOrEqual(320);
    expect(await redis.commands.ttl(`${prefix}:events:bounded`)).toBeGreaterThan(50);
    await redis.commands.del(`${prefix}:events:bounded`);
  });

  test("a process whose connection is cut reads what it did not hear, without a gap and without a reset", async () => {
    const prefix = `test-${randomUUID()}`;
    const proxy = await openProxy();
    const [writer, reading] = [await openProcess({ prefix }), await openProcess({ prefix, through: proxy })];
    const reader = await listening(reading.log, writer.log, "cut");
    await proxy.kill();
    await until(() => isAway(reading.redis), "the reader lost Redis");
    for (let index = 0; index < 50; index++) await writer.log.append("cut", index);
    await proxy.restore();
    await reader.untilLast(49);
    await writer.log.append("cut", "live again");
    await reader.untilLast("live again");
    expect(reader.received).toEqual(["hello", ...Array.from({ length: 50 }, (_, index) => index), "live again"]);
    await reader.stop();
  });

  test("survives connections that are cut again and again while events come", async () => {
    const prefix = `test-${randomUUID()}`;
    const proxy = await openProxy();
    const [writer, reading] = [await openProcess({ prefix }), await openProcess({ prefix, through: proxy })];
    const reader = await listening(reading.log, writer.log, "flapping");
    for (let index = 0; index < 300; index++) {
      if (index % 60 === 30) proxy.cut();
      await writer.log.append("flapping", index);
      if (index % 60 === 59) await until(() => reading.redis.subscriber.isReady(), "the reader was back");
    }
    await reader.untilLast(299);
    const events = reader.received.filter((event) => event !== "reset");
    expect(events).toEqual(["hello", ...Array.from({ length: 300 }, (_, index) => index)]);
    await reader.stop();
  });

  test("without Redis events reach this process's subscribers; everybody is reset once it is back", async () => {
    const prefix = `test-${randomUUID()}`;
    const proxy = await openProxy();
    const [answering, elsewhere] = [await openProcess({ prefix, through: proxy }), await openProcess({ prefix })];
    const own = await listening(answering.log, answering.log, "outage");
    const other = collect(elsewhere.log, "outage", await elsewhere.log.latestId("outage"));
    await answering.log.append("outage", "before");
    await Promise.all([own.untilLast("before"), other.untilLast("before")]);

    await proxy.kill();
    const during = await Promise.all(["during 1", "during 2"].map((event) => answering.log.append("outage", event)));
    await own.untilLast("during 2");
    expect(own.received).toEqual(["hello", "before", "during 1", "during 2"]);
    expect(answering.log.stats()).toMatchObject({ keptLocal: 2 });
    expect((await answering.log.health()).ok).toBe(false);

    const joining = collect(answering.log, "outage", during[0]);
    await joining.untilLast("during 2");
    expect(joining.received).toEqual(["during 2"]);

    await proxy.restore();
    await Promise.all([own, other, joining].map((reader) => reader.untilLast("reset")));
    await answering.log.append("outage", "after");
    await Promise.all([own, other, joining].map((reader) => reader.untilLast("after")));
    expect(own.received.slice(4)).toEqual(["reset", "after"]);
    expect(other.received).toEqual(["before", "reset", "after"]);
    expect(joining.received).toEqual(["during 2", "reset", "after"]);

    const late = collect(elsewhere.log, "outage", other.ids[0]);
    await late.untilLast("after");
    expect(late.received).toEqual(["reset", "after"]);

    const warnings = answering.logger.lines.filter(({ message }) => message === "Events stay in this process");
    expect(warnings).toHaveLength(1);
    await Promise.all([own, other, joining, late].map((reader) => reader.stop()));
  });

  test("a clock that is ahead during an outage hides nothing that comes after it", async () => {
    const prefix = `test-${randomUUID()}`;
    const proxy = await openProxy();
    const ahead = () => Date.now() + 600_000;
    const answering = await openProcess({ prefix, through: proxy, now: ahead });
    const reader = await listening(answering.log, answering.log, "skewed");
    await proxy.kill();
    await answering.log.append("skewed", "during");
    const cursor = await answering.log.latestId("skewed");
    await reader.untilLast("during");
    await proxy.restore();
    await reader.untilLast("reset");
    await answering.log.append("skewed", "after");
    await reader.untilLast("after");
    expect(reader.received).toEqual(["hello", "during", "reset", "after"]);
    const late = collect(answering.log, "skewed", cursor);
    await late.untilLast("after");
    expect(late.received).toEqual(["reset", "after"]);
    await Promise.all([reader.stop(), late.stop()]);
  });

  test("a Redis that comes back empty resets its subscribers", async () => {
    const prefix = `test-${randomUUID()}`;
    const proxy = await openProxy();
    const [writer, reading] = [await openProcess({ prefix }), await openProcess({ prefix, through: proxy })];
    const reader = await listening(reading.log, writer.log, "emptied");
    await proxy.kill();
    await until(() => isAway(reading.redis), "the reader lost Redis");
    await writer.log.append("emptied", "lost with the data");
    await writer.redis.commands.del(`${prefix}:events:emptied`);
    await writer.log.append("emptied", "after");
    await proxy.restore();
    await reader.untilLast("reset");
    await writer.log.append("emptied", "live");
    await reader.untilLast("live");
    expect(reader.received).toEqual(["hello", "reset", "live"]);
    await reader.stop();
  });

  test("starts while Redis is away, works in this process, and joins the others when it comes", async () => {
    const prefix = `test-${randomUUID()}`;
    const proxy = await openProxy();
    await proxy.kill();
    const started = await openProcess({ prefix, through: proxy });
    const start = await started.log.latestId("early");
    const reader = collect(started.log, "early", start);
    await started.log.append("early", "alone");
    await reader.untilLast("alone");
    await proxy.restore();
    await reader.untilLast("reset");
    const writer = await openProcess({ prefix });
    await writer.log.append("early", "from elsewhere");
    await reader.untilLast("from elsewhere");
    expect(reader.received).toEqual(["alone", "reset", "from elsewhere"]);
    expect(started.logger.lines.filter(({ level }) => level === "error")).toHaveLength(2);
    await reader.stop();
  });
});
