import { type AttendedEvent, attend } from "#lib/conversations/index.ts";
import { toResponse } from "#lib/errors.ts";
import { abortWith, eventStream, failureEvent, type StreamEvent } from "../../../event-stream.ts";
import { handle } from "../../../handle.ts";

/** Who is there, and the conversation's events from `Last-Event-ID` (a resumed stream) or `?after=` (a first one) on. */
export const GET = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  const after = request.headers.get("last-event-id") || new URL(request.url).searchParams.get("after") || undefined;
  const abort = abortWith(request);
  const lease = await deps.limits.beginStream(viewer.userId);
  try {
    const events = await attend(deps, viewer, params.id, { after, signal: abort.signal });
    abort.signal.addEventListener("abort", lease.release, { once: true });
    if (abort.signal.aborted) lease.release();
    return eventStream(framed(events, lease.release), { abort, failure: (error) => failureEvent(toResponse(error)) });
  } catch (error) {
    lease.release();
    throw error;
  }
});

async function* framed(events: AsyncIterable<AttendedEvent>, ended: () => void): AsyncGenerator<StreamEvent> {
  try {
    for await (const { id, event } of events) yield { ...(id !== undefined && { id }), data: event };
  } finally {
    ended();
  }
}
