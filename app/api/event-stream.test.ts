import { afterEach, describe, expect, it, vi } from "vitest";
import { eventStream, type StreamEvent } from "./event-stream.ts";

afterEach(() => {
  vi.useRealTimers();
});

const failure = async (error: unknown): Promise<StreamEvent> => ({ event: "failure", data: (error as Error).message });

async function* three(): AsyncGenerator<StreamEvent> {
  yield { id: "1", data: { text: "line\nbreak" } };
  yield { id: "2", event: "done", data: null };
  throw new Error("lost");
}

describe("event stream", () => {
  it("frames every event on one data line and ends with the failure's words", async () => {
    const response = eventStream(three(), { abort: new AbortController(), failure });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toContain("no-transform");
    expect(await response.text()).toBe(
      [
        ": connected",
        'id: 1\ndata: {"text":"line\\nbreak"}',
        "id: 2\nevent: done\ndata: null",
        'event: failure\ndata: "lost"',
        "",
      ].join("\n\n"),
    );
  });

  it("ends its source when the reader goes away", async () => {
    const abort = new AbortController();
    let ended = false;
    async function* endless(): AsyncGenerator<StreamEvent> {
      try {
        for (let id = 0; ; id += 1) yield { id: String(id), data: id };
      } finally {
        ended = true;
      }
    }
    const reader = eventStream(endless(), { abort, failure }).body?.getReader();
    await reader?.read();
    await reader?.read();
    await reader?.cancel();
    expect(abort.signal.aborted).toBe(true);
    expect(ended).toBe(true);
  });

  it("sends a comment while nothing happens, and none after the end", async () => {
    vi.useFakeTimers();
    const abort = new AbortController();
    let release: () => void = () => undefined;
    async function* silent(): AsyncGenerator<StreamEvent> {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield { data: "end" };
    }
    const response = eventStream(silent(), { abort, failure, heartbeat: 1000 });
    const text = response.text();
    await vi.advanceTimersByTimeAsync(2500);
    release();
    expect((await text).match(/: still here/g)).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});
