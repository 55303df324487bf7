import { describe, expect, test } from "vitest";
import { recordingLogger } from "../redis-proxy.ts";
import { collect, describeEventLog } from "./contract.ts";
import { openEventLog } from "./index.ts";

const logger = recordingLogger();

describe("event log in memory", () => {
  describeEventLog({ open: async (options) => openEventLog({ ...options, prefix: "test", logger }) });

  test("forgets idle streams without subscribers, which then reset who comes back, and keeps the others", async () => {
    let time = 1_000_000;
    const log = openEventLog({ prefix: "test", logger, idleMilliseconds: 900_000, now: () => time });
    const [idle] = [await log.append("idle", 1), await log.append("watched", 1)];
    const watching = collect(log, "watched");
    const watched = await log.latestId("watched");
    time += 899_000;
    expect(await log.latestId("idle")).toBe(idle);
    time += 901_000;
    await log.append("another", 1);
    const returning = collect(log, "idle", idle);
    await returning.until((all) => all.length === 1);
    expect(returning.received).toEqual(["reset"]);
    expect(await log.latestId("watched")).toBe(watched);
    await Promise.all([watching.stop(), returning.stop()]);
    await log.close();
  });

  test("ids rise when the clock steps back", async () => {
    let time = 5_000;
    const log = openEventLog({ prefix: "test", logger, now: () => time });
    const before = await log.append("clock", "before");
    time = 1_000;
    const reader = collect(log, "clock", before);
    expect(await log.append("clock", "after")).toBe("5000-2");
    await reader.untilLast("after");
    await reader.stop();
    await log.close();
  });
});
