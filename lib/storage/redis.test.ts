import { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { openRedis } from "./redis.ts";
import { openRedisProxy, recordingLogger, until } from "./redis-proxy.ts";
import { RedisSubscriber } from "./redis-subscriber.ts";

const address = process.env.REDIS_URL;
const quick = { readyWithinMilliseconds: 1_000, maximumReconnectMilliseconds: 50 };

test("an address that is none is refused without repeating it, since it may hold a password", async () => {
  const logger = recordingLogger();
  for (const wrong of ["", "localhost:6379:secret", "http://user:secret@host"]) {
    const failure = openRedis(wrong, { logger });
    await expect(failure).rejects.toMatchObject({ code: "failed", message: expect.stringContaining("redis://") });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining("secret") });
  }
});

test("a Redis that is not there neither stops the start nor fills the log", async () => {
  const logger = recordingLogger();
  const redis = await openRedis("redis://user:secret@127.0.0.1:9", { logger, ...quick, readyWithinMilliseconds: 300 });
  expect(redis.isReady()).toBe(false);
  expect(await redis.health()).toMatchObject({ backend: "redis:127.0.0.1:9", ok: false });
  await expect(redis.commands.get("key")).rejects.toThrow();
  expect(logger.lines.map(({ level }) => level)).toEqual(["error", "error"]);
  expect(JSON.stringify(logger.lines)).toContain("ECONNREFUSED");
  expect(JSON.stringify(logger.lines)).not.toContain("secret");
  await redis.close();
  await redis.close();
});

test("a message that comes before the gap was announced does not hide it", async () => {
  let finish = () => {};
  const connection = Object.assign(new EventEmitter(), {
    status: "ready",
    subscribe: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  const subscriber = new RedisSubscriber(connection as unknown as Redis, () => {});
  connection.emit("ready");
  const heard: string[] = [];
  subscriber.onResubscribed(() => heard.push("resubscribed"));
  const subscribed = subscriber.subscribe("channel", (message) => heard.push(message));
  finish();
  await subscribed;
  connection.emit("message", "channel", "live");
  connection.emit("close");
  connection.emit("ready");
  connection.emit("message", "channel", "too early");
  finish();
  await until(() => heard.length === 2, "it was told");
  connection.emit("message", "channel", "later");
  expect(heard).toEqual(["live", "resubscribed", "later"]);
  subscriber.close();
});

const name = address ? "a real Redis" : "a real Redis (skipped: REDIS_URL is not set)";
describe.skipIf(!address)(name, () => {
  test("logs an outage once and its end once, and subscribes again by itself", async () => {
    const proxy = await openRedisProxy(address ?? "");
    const logger = recordingLogger();
    const redis = await openRedis(proxy.address, { logger, ...quick });
    const heard: string[] = [];
    let resubscribed = 0;
    redis.subscriber.onResubscribed(() => resubscribed++);
    expect(await redis.subscriber.subscribe("test:channel", (message) => heard.push(message))).toBe(true);
    await redis.commands.publish("test:channel", "before");
    await until(() => heard.length === 1, "the message came");
    await proxy.kill();
    await until(() => !redis.isReady() && !redis.subscriber.isReady(), "Redis was lost");
    const attempts: number[] = [];
    redis.commands.on("reconnecting", () => attempts.push(1));
    await until(() => attempts.length > 3, "it tried several times");
    expect(await redis.subscriber.subscribe("test:second", (message) => heard.push(message))).toBe(false);
    await proxy.restore();
    await until(() => resubscribed === 1 && redis.isReady(), "it was back");
    await redis.commands.publish("test:channel", "after");
    await redis.commands.publish("test:second", "second");
    await until(() => heard.length === 3, "both channels were heard");
    expect(heard).toEqual(["before", "after", "second"]);
    for (const connection of ["commands", "subscriber"]) {
      const own = logger.lines.filter(({ details }) => "connection" in details && details.connection === connection);
      expect(own.map(({ level }) => level)).toEqual(["error", "info"]);
    }
    await redis.close();
    await proxy.close();
  });

  test("commands under way when Redis dies fail at once, and none runs twice", async () => {
    const proxy = await openRedisProxy(address ?? "");
    const settings = { ...quick, commandTimeoutMilliseconds: 60_000 };
    const redis = await openRedis(proxy.address, { logger: recordingLogger(), ...settings });
    let attempts = 0;
    redis.commands.on("connecting", () => attempts++);
    const waiting = redis.commands.blpop("test:nothing-here", 0);
    const outcome = waiting.then(
      () => "answered",
      () => `failed after ${attempts} attempts`,
    );
    await proxy.kill();
    expect(await outcome).toBe("failed after 0 attempts");
    await redis.close();
    await proxy.close();
  });
});
