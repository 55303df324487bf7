import { subscribe } from "#lib/conversations/index.ts";
import { toResponse } from "#lib/errors.ts";
import { abortWith, eventStream, failureEvent, type StreamEvent } from "../../../event-stream.ts";
import { handle } from "../../../handle.ts";

/** The conversation's events from `Last-Event-ID` (a resumed stream) or `?after=` (a first one) on. */
export const GET = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  const after = request.headers.get("last-event-id") || new URL(request.url).searchParams.get("after") || undefined;
  const abort = abortWith(request);
  const events = await subscribe(deps, viewer, params.id, { after, signal: abort.signal });
  return eventStream(framed(events), { abort, failure: (error) => failureEvent(toResponse(error)) });
});

async function* framed<Event>(events: AsyncIterable<{ id: string; event: Event }>): AsyncGenerator<StreamEvent> {
  for await (const { id, event } of events) yield { id, data: event };
}
