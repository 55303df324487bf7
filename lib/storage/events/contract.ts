import { expect, test } from "vitest";
import type { EventDelivery, EventLog } from "./index.ts";
import { compareIds } from "./index.ts";

export type EventLogUnderTest = {
  /** A log of its own; `capacity` and `queueLimit` are passed on. */
  open: (options?: { capacity?: number; queueLimit?: number }) => Promise<EventLog>;
};

/** A subscription that is read in the background; `received` holds deliveries in order, resets as the word. */
export function collect(log: EventLog, stream: string, after?: string) {
  const controller = new AbortController();
  const received: unknown[] = [];
  const ids: string[] = [];
  let check = () => {};
  const finished = (async () => {
    for await (const delivery of log.subscribe(stream, { after, signal: controller.signal })) {
      if ("reset" in delivery) received.push("reset");
      else {
        received.push(delivery.event);
        ids.push(delivery.id);
      }
      check();
    }
  })();
  /** Waits until the condition holds of what was received; fails after ten seconds with what there is. */
  const until = (condition: (received: unknown[]) => boolean) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`received ${received.length}, the last: ${JSON.stringify(received.slice(-5))}`)),
        10_000,
      );
      check = () => {
        if (!condition(received)) return;
        clearTimeout(timer);
        resolve();
      };
      check();
    });
  return {
    received,
    ids,
    until,
    untilLast: (event: unknown) => until((all) => all.at(-1) === event),
    stop: () => {
      controller.abort();
      return finished;
    },
    finished,
  };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

async function appendAll(log: EventLog, stream: string, events: unknown[]): Promise<string[]> {
  return Promise.all(events.map((event) => log.append(stream, event)));
}

/** What every event log must do. Call it inside a `describe`. */
export function describeEventLog({ open }: EventLogUnderTest): void {
  test("hands out rising ids and replays everything after one, then goes on live", async () => {
    const log = await open();
    const ids = await appendAll(log, "a", numbers(0, 50));
    for (const [index, id] of ids.entries())
      if (index > 0) expect(compareIds(id, ids[index - 1] ?? "")).toBeGreaterThan(0);
    expect(await log.latestId("a")).toBe(ids.at(-1));
    const reader = collect(log, "a", ids[9]);
    await reader.untilLast(49);
    await appendAll(log, "a", numbers(50, 60));
    await reader.untilLast(59);
    expect(reader.received).toEqual(numbers(10, 60));
    expect(reader.ids.slice(0, 40)).toEqual(ids.slice(10));
    await reader.stop();
  });

  test("loses and repeats nothing between replay and live, with readers that join while events come", async () => {
    const log = await open();
    const start = await log.latestId("busy");
    const readers: ReturnType<typeof collect>[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const appended = appendAll(log, "busy", numbers(turn * 20, turn * 20 + 20));
      if (turn % 6 === 0) readers.push(collect(log, "busy", start));
      await appended;
    }
    for (const reader of readers) {
      await reader.untilLast(1199);
      expect(reader.received).toEqual(numbers(0, 1200));
      await reader.stop();
    }
  });

  test("a stream without events has an id after which nothing is lost", async () => {
    const log = await open();
    const start = await log.latestId("fresh");
    expect(await log.latestId("fresh")).toBe(start);
    await appendAll(log, "fresh", ["one", "two"]);
    const reader = collect(log, "fresh", start);
    await reader.untilLast("two");
    expect(reader.received).toEqual(["one", "two"]);
    await reader.stop();
  });

  test("without an id only what comes from now on is delivered", async () => {
    const log = await open();
    await log.append("later", "before");
    const reader = collect(log, "later");
    // The place is taken when subscribing; the id is asked for afterwards, so the event is after it.
    await log.latestId("later");
    await log.append("later", "after");
    await reader.untilLast("after");
    expect(reader.received).toEqual(["after"]);
    await reader.stop();
  });

  test("keeps streams apart, and gives events as JSON would", async () => {
    const log = await open();
    const [left, right] = [collect(log, "left"), collect(log, "right")];
    await Promise.all([log.latestId("left"), log.latestId("right")]);
    const event = {
      type: "sentence",
      text: "Größe ≥ 5 μg\nzweite Zeile",
      nested: { list: [1, null, true] },
      gone: undefined,
    };
    await log.append("left", event);
    await log.append("right", "other");
    await left.until((all) => all.length === 1);
    await right.untilLast("other");
    const { gone, ...kept } = event;
    expect(gone).toBeUndefined();
    expect(left.received).toEqual([kept]);
    expect(right.received).toEqual(["other"]);
    await expect(log.append("left", undefined)).rejects.toThrow(/JSON/);
    await Promise.all([left.stop(), right.stop()]);
  });

  test("an id that the buffer no longer reaches, or never gave out, yields one reset and then goes on live", async () => {
    const log = await open({ capacity: 20 });
    const [first] = await appendAll(log, "trimmed", numbers(0, 500));
    for (const after of [first, "1-0", "nonsense", "", `${Date.now() + 3_600_000}-0`]) {
      const reader = collect(log, "trimmed", after);
      await reader.until((all) => all.length === 1);
      await log.append("trimmed", "live");
      await reader.untilLast("live");
      expect(reader.received, String(after)).toEqual(["reset", "live"]);
      await reader.stop();
    }
    expect(log.stats().resets).toBe(5);
  });

  test("a slow subscriber still gets every event while the log holds them", async () => {
    const log = await open({ queueLimit: 10 });
    const start = await log.latestId("slow");
    const controller = new AbortController();
    const iterator = log.subscribe("slow", { after: start, signal: controller.signal })[Symbol.asyncIterator]();
    await log.append("slow", 0);
    const received = [(await iterator.next()).value];
    await appendAll(log, "slow", numbers(1, 300));
    while (received.length < 300) received.push((await iterator.next()).value);
    expect(received.map((delivery) => (delivery as { event: unknown }).event)).toEqual(numbers(0, 300));
    controller.abort();
    expect((await iterator.next()).done).toBe(true);
  });

  test("a subscriber slower than the log is long is reset, not held in memory", async () => {
    const log = await open({ capacity: 20, queueLimit: 10 });
    const start = await log.latestId("slower");
    const controller = new AbortController();
    const iterator = log.subscribe("slower", { after: start, signal: controller.signal })[Symbol.asyncIterator]();
    await log.append("slower", "first");
    expect((await iterator.next()).value).toMatchObject({ event: "first" });
    await appendAll(log, "slower", numbers(0, 600));
    const next: EventDelivery[] = [];
    while (!next.some((delivery) => "reset" in delivery)) next.push((await iterator.next()).value);
    expect(next.length).toBeLessThanOrEqual(11);
    await log.append("slower", "afterwards");
    expect((await iterator.next()).value).toMatchObject({ event: "afterwards" });
    controller.abort();
  });

  test("ends a subscription when it is aborted, left, or the log closes, and forgets it", async () => {
    const log = await open();
    const aborted = collect(log, "ends");
    const closed = collect(log, "ends");
    const start = await log.latestId("ends");
    await log.append("ends", 1);
    for await (const _ of log.subscribe("ends", { after: start, signal: new AbortController().signal })) break;
    expect(log.stats().subscribers).toBe(2);
    await aborted.stop();
    expect(log.stats().subscribers).toBe(1);
    const already = log.subscribe("ends", { signal: AbortSignal.abort() });
    expect((await already[Symbol.asyncIterator]().next()).done).toBe(true);
    await log.close();
    await closed.finished;
    expect(log.stats().subscribers).toBe(0);
  });

  test("reports itself well", async () => {
    expect(await (await open()).health()).toMatchObject({ ok: true, detail: null });
  });
}
