import { once } from "node:events";
import { describe, expect, test } from "vitest";
import type { AnswerEvent } from "../events.ts";
import { SharedAnswers } from "./shared-answers.ts";

const event = (detail: string): AnswerEvent => ({ type: "stage", stage: "answer", detail });
const detailOf = (seen: AnswerEvent) => (seen.type === "stage" ? seen.detail : seen.type);

/** A computation that goes on only as the test lets it; stopped, it says so and ends. */
function controlled() {
  const shared = new SharedAnswers();
  const runs: { push: (detail: string) => void; end: (error?: Error) => void; signal: AbortSignal }[] = [];
  const begin = (signal: AbortSignal) => {
    const queue: (() => AnswerEvent | null)[] = [];
    let wake = () => {};
    const add = (next: () => AnswerEvent | null) => {
      queue.push(next);
      wake();
    };
    signal.addEventListener("abort", () => {
      add(() => event("stopped"));
      add(() => null);
    });
    runs.push({
      push: (detail) => add(() => event(detail)),
      end: (error) =>
        add(() => {
          if (error) throw error;
          return null;
        }),
      signal,
    });
    async function* events(): AsyncGenerator<AnswerEvent> {
      for (;;) {
        const next = queue.shift();
        if (!next) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        const made = next();
        if (!made) return;
        yield made;
      }
    }
    return { context: { run: runs.length }, events: events() };
  };
  return { join: (signal?: AbortSignal, key = "key") => shared.join(key, begin, signal), runs };
}

async function all(events: AsyncIterable<AnswerEvent>): Promise<(string | undefined)[]> {
  const seen: (string | undefined)[] = [];
  for await (const each of events) seen.push(detailOf(each));
  return seen;
}

/** The next event's detail; undefined at the end. */
async function next(events: AsyncGenerator<AnswerEvent>): Promise<string | undefined> {
  const { value, done } = await events.next();
  return done ? undefined : detailOf(value);
}

describe("one computation for simultaneous equal questions", () => {
  test("everybody gets all events from the beginning, in order, however late they come", async () => {
    const { join, runs } = controlled();
    const [first, second] = [join(), join()];
    const early = [all(first.events), all(second.events)];
    runs[0]?.push("one");
    const late = join();
    expect(await next(late.events)).toBe("one");
    runs[0]?.push("two");
    const latest = join();
    runs[0]?.end();
    expect(await Promise.all([...early, all(latest.events)])).toEqual(Array(3).fill(["one", "two"]));
    expect(await all(late.events)).toEqual(["two"]);
    expect(runs).toHaveLength(1);
    expect([first, second, late, latest].map(({ isFirst }) => isFirst)).toEqual([true, false, false, false]);
    expect(latest.context).toEqual({ run: 1 });
  });

  test("another question, and the same one once it is answered, are computed anew", async () => {
    const { join, runs } = controlled();
    const answered = all(join().events);
    join(undefined, "other");
    expect(runs).toHaveLength(2);
    runs[0]?.end();
    await answered;
    expect(join().isFirst).toBe(true);
    expect(runs).toHaveLength(3);
  });

  test("one asker's stop ends the events for them alone, with those they had seen", async () => {
    const { join, runs } = controlled();
    const stop = new AbortController();
    const [stopped, stays] = [join(stop.signal), join()];
    const seen = all(stopped.events);
    const stayed = all(stays.events);
    runs[0]?.push("one");
    const late = join();
    expect(await next(late.events)).toBe("one");
    stop.abort();
    expect(await seen).toEqual(["one"]);
    expect(runs[0]?.signal.aborted).toBe(false);
    runs[0]?.push("two");
    runs[0]?.end();
    expect(await stayed).toEqual(["one", "two"]);
    expect(await next(late.events)).toBe("two");
  });

  test("an asker who just leaves does not end it for the others; the last one's leaving does", async () => {
    const { join, runs } = controlled();
    const [left, right] = [join().events, join().events];
    runs[0]?.push("one");
    expect([await next(left), await next(right)]).toEqual(["one", "one"]);
    await left.return(undefined);
    expect(runs[0]?.signal.aborted).toBe(false);
    await right.return(undefined);
    expect(runs[0]?.signal.aborted).toBe(true);
  });

  test("the last asker's stop ends the computation, which has the last word; who comes then begins anew", async () => {
    const { join, runs } = controlled();
    const [one, other] = [new AbortController(), new AbortController()];
    const seen = [all(join(one.signal).events), all(join(other.signal).events)];
    one.abort();
    expect(await seen[0]).toEqual([]);
    const aborted = once(runs[0]?.signal as AbortSignal, "abort");
    other.abort();
    await aborted;
    expect(join().isFirst).toBe(true);
    expect(await seen[1]).toEqual(["stopped"]);
    expect(runs.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  test("an error reaches everybody, after what was seen before it", async () => {
    const { join, runs } = controlled();
    const seen = [join().events, join().events];
    runs[0]?.push("one");
    expect(await Promise.all(seen.map(next))).toEqual(["one", "one"]);
    runs[0]?.end(new RangeError("away"));
    const ends = await Promise.allSettled(seen.map(next));
    expect(ends.map((end) => end.status === "rejected" && end.reason)).toEqual(Array(2).fill(new RangeError("away")));
    expect(join().isFirst).toBe(true);
  });

  test("a stop after the end changes nothing for who has not read it all", async () => {
    const { join, runs } = controlled();
    const stop = new AbortController();
    const slow = join(stop.signal).events;
    const quick = all(join().events);
    runs[0]?.push("one");
    runs[0]?.end();
    await quick;
    stop.abort();
    expect(await all(slow)).toEqual(["one"]);
  });
});
