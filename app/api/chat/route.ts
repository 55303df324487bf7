import { chat } from "#lib/ask/chat.ts";
import type { AskEvent } from "#lib/domain.ts";
import { toResponse } from "#lib/errors.ts";
import { abortWith, eventStream, failureEvent, type StreamEvent } from "../event-stream.ts";
import { handle } from "../handle.ts";
import { readJson } from "../read-json.ts";

/** For programs: one question's answer as the response, each event named by its type. */
export const POST = handle(async ({ request, deps, viewer }) => {
  const input = await readJson(request);
  const answer = await begun(chat(deps, viewer, input));
  return eventStream(named(answer), {
    abort: abortWith(request),
    failure: (error) => failureEvent(toResponse(error)),
  });
});

/** Waits for the first event, so that bad input or a spent limit is a status of its own and not a broken stream. */
async function begun(events: AsyncIterable<AskEvent>): Promise<AsyncIterable<AskEvent>> {
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

async function* named(events: AsyncIterable<AskEvent>): AsyncGenerator<StreamEvent> {
  for await (const event of events) yield { event: event.type, data: event };
}
