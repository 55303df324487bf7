import type { AnswerEvent } from "../events.ts";

export interface SharedAnswer<Context> {
  /** Nobody else had begun it. */
  isFirst: boolean;
  /** What the first asker's beginning gave beside the events. */
  context: Context;
  /** All events from the first on. Ends early, without an error, when this asker's signal stops it and others stay. */
  events: AsyncGenerator<AnswerEvent>;
}

interface Flight {
  context: unknown;
  events: AnswerEvent[];
  /** Set once nothing more comes; `error` is what everybody gets then. */
  end: { error?: unknown } | null;
  readers: number;
  abort: AbortController;
  wake: Set<() => void>;
}

/**
 * One computation in this process for all who ask the same at the same time. It goes on until it ends or the last of
 * them has left; who comes after that begins a new one.
 */
export class SharedAnswers {
  readonly #flights = new Map<string, Flight>();

  /**
   * @param key equal for questions that must get the same answer
   * @param begin called at once when nobody is answering it; its signal is aborted when the last asker has left
   */
  join<Context>(
    key: string,
    begin: (signal: AbortSignal) => { context: Context; events: AsyncIterable<AnswerEvent> },
    signal?: AbortSignal,
  ): SharedAnswer<Context> {
    const known = this.#flights.get(key);
    const flight = known ?? this.#start(key, begin);
    flight.readers += 1;
    const leave = () => this.#leave(key, flight);
    return { isFirst: !known, context: flight.context as Context, events: read(flight, leave, signal) };
  }

  #start(
    key: string,
    begin: (signal: AbortSignal) => { context: unknown; events: AsyncIterable<AnswerEvent> },
  ): Flight {
    const abort = new AbortController();
    const { context, events } = begin(abort.signal);
    const flight: Flight = { context, events: [], end: null, readers: 0, abort, wake: new Set() };
    this.#flights.set(key, flight);
    void this.#run(key, flight, events);
    return flight;
  }

  async #run(key: string, flight: Flight, events: AsyncIterable<AnswerEvent>): Promise<void> {
    try {
      for await (const event of events) {
        flight.events.push(event);
        for (const wake of flight.wake) wake();
      }
      flight.end = {};
    } catch (error) {
      flight.end = { error };
    }
    this.#forget(key, flight);
    for (const wake of flight.wake) wake();
  }

  #leave(key: string, flight: Flight): void {
    flight.readers -= 1;
    if (flight.readers > 0 || flight.end) return;
    this.#forget(key, flight); // what is being stopped is joined by nobody
    flight.abort.abort();
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

async function* read(flight: Flight, leave: () => void, signal?: AbortSignal): AsyncGenerator<AnswerEvent> {
  let hasLeft = false;
  const leaveOnce = () => {
    if (!hasLeft) leave();
    hasLeft = true;
  };
  try {
    for (let next = 0; ; ) {
      if (signal?.aborted && !flight.end) {
        leaveOnce();
        // The last one reads on: the computation itself says how it was stopped.
        if (!flight.abort.signal.aborted) return;
      }
      const event = flight.events[next];
      if (event) {
        next += 1;
        yield event;
      } else if (flight.end) {
        if ("error" in flight.end) throw flight.end.error;
        return;
      } else await change(flight, signal);
    }
  } finally {
    leaveOnce();
  }
}

/** Until something has come or, as long as it can still be stopped, the signal stops it. */
function change(flight: Flight, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      flight.wake.delete(done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    flight.wake.add(done);
    if (!signal?.aborted) signal?.addEventListener("abort", done);
  });
}
