import { chat } from "#lib/conversations/index.ts";
import { toResponse } from "#lib/errors.ts";
import { abortWith, eventStream, failureEvent, type StreamEvent } from "../event-stream.ts";
import { handle } from "../handle.ts";
import { readJson } from "../read-json.ts";

/** For programs: one question's answer as the response, each event named by its type. */
export const POST = handle(async ({ request, deps, viewer }) => {
  const abort = abortWith(request);
  const events = await begun(chat(deps, viewer, await readJson(request), abort.signal));
  return eventStream(named(events), { abort, failure: (error) => failureEvent(toResponse(error)) });
});

/** Waits for the first event, so that bad input or a spent limit is a status of its own and not a broken stream. */
async function begun<Event>(events: AsyncIterable<Event>): Promise<AsyncIterable<Event>> {
  const iterator = events[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

async function* named<Event extends { type: string }>(events: AsyncIterable<Event>): AsyncGenerator<StreamEvent> {
  for await (const event of events) yield { event: event.type, data: event };
}
