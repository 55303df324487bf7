/** One event of a `text/event-stream`, see https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export interface StreamEvent {
  id?: string;
  event?: string;
  data: unknown;
}

export interface EventStreamOptions {
  /** Aborted when the reader has gone; the response's own cancellation aborts it as well. */
  abort: AbortController;
  /** What the reader is told when the source fails; the stream ends after it. */
  failure: (error: unknown) => Promise<StreamEvent>;
  /** Milliseconds between comments that keep idle connections open. */
  heartbeat?: number;
}

const encoder = new TextEncoder();
const connected = encoder.encode(": connected\n\n");
const stillHere = encoder.encode(": still here\n\n");
/** Streams whose heart beats as often, on one timer: a process holds thousands of them. */
const beats = new Map<number, { timer: NodeJS.Timeout; all: Set<() => void> }>();

/** Calls each so many milliseconds; returns how to stop that. */
function beat(interval: number, each: () => void): () => void {
  const all = beats.get(interval)?.all ?? new Set();
  if (all.size === 0) {
    const timer = setInterval(() => all.forEach((one) => void one()), interval);
    timer.unref();
    beats.set(interval, { timer, all });
  }
  all.add(each);
  return () => {
    if (!all.delete(each) || all.size > 0) return;
    clearInterval(beats.get(interval)?.timer);
    beats.delete(interval);
  };
}

/** Sends events as they come. Nothing is read ahead of a slow reader; a lost reader ends the source. */
export function eventStream(events: AsyncIterable<StreamEvent>, options: EventStreamOptions): Response {
  const { abort, failure, heartbeat = 15_000 } = options;
  const iterator = events[Symbol.asyncIterator]();
  let stopBeating: () => void = () => undefined;

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // A first byte at once: the browser's `open` event and any proxy wait for it.
      controller.enqueue(connected);
      stopBeating = beat(heartbeat, () => controller.enqueue(stillHere));
      if (abort.signal.aborted) stopBeating();
      else abort.signal.addEventListener("abort", stopBeating, { once: true });
    },
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (next.done) {
          stopBeating();
          if (!abort.signal.aborted) controller.close();
        } else if (!abort.signal.aborted) {
          controller.enqueue(encoder.encode(frame(next.value)));
        }
      } catch (error) {
        stopBeating();
        if (abort.signal.aborted) return;
        controller.enqueue(encoder.encode(frame(await failure(error))));
        controller.close();
      }
    },
    async cancel() {
      abort.abort();
      await iterator.return?.();
    },
  });

  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      // `no-transform` keeps compression, which would hold events back, away.
      "Cache-Control": "no-cache, no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}

function frame({ id, event, data }: StreamEvent): string {
  const lines = [`data: ${JSON.stringify(data)}`];
  if (event !== undefined) lines.unshift(`event: ${event}`);
  if (id !== undefined) lines.unshift(`id: ${id}`);
  return `${lines.join("\n")}\n\n`;
}

/** An AbortController that follows the request: aborted when its sender disconnects. */
export function abortWith(request: Request): AbortController {
  const abort = new AbortController();
  if (request.signal.aborted) abort.abort();
  else request.signal.addEventListener("abort", () => abort.abort(), { once: true });
  return abort;
}

/** An error as a last event named `failure`, in the words of its JSON response. */
export async function failureEvent(response: Response): Promise<StreamEvent> {
  return { event: "failure", data: await response.json() };
}
