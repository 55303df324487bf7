import type { Viewer } from "../../auth/index.ts";
import type { Deps } from "../../deps.ts";
import type { ConversationEvent, Presence } from "../../domain.ts";
import { type StreamedEvent, subscribe } from "../subscribe.ts";

/** An event of the stream, or without an id who is there: no news to whoever comes back later. */
export type AttendedEvent = StreamedEvent | { id?: never; event: Extract<ConversationEvent, { type: "presence" }> };

/**
 * What `subscribe` gives, and between it who is there: at once, and at each change. As long as it runs, the viewer
 * counts as there.
 */
export async function attend(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  options: { after?: string; signal: AbortSignal },
): Promise<AsyncIterable<AttendedEvent>> {
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const events = await subscribe(deps, viewer, conversationId, { ...options, signal });
  return withPresence(deps, viewer, conversationId, events, end);
}

async function* withPresence(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  events: AsyncIterable<StreamedEvent>,
  end: AbortController,
): AsyncGenerator<AttendedEvent> {
  const heard: { present: Presence[] | null; next: Next | null; wake: (() => void) | null } = {
    present: null,
    next: null,
    wake: null,
  };
  const ring = (news: { present: Presence[] } | { next: Next }) => {
    Object.assign(heard, news);
    heard.wake?.();
    heard.wake = null;
  };
  // One event at a time is taken, so that a slow reader is still the event log's to wait for.
  const iterator = events[Symbol.asyncIterator]();
  const takeNext = () => {
    heard.next = null;
    iterator.next().then(
      (result) => ring({ next: { result } }),
      (error) => ring({ next: { error } }),
    );
  };
  const person = { id: viewer.userId, name: viewer.name };
  const leave = deps.presence.enter(conversationId, person, (present) => ring({ present }));
  try {
    takeNext();
    for (;;) {
      const { present, next } = heard;
      if (present) {
        heard.present = null;
        yield { event: { type: "presence", present } };
      } else if (next) {
        if ("error" in next) throw next.error;
        if (next.result.done) return;
        takeNext();
        yield next.result.value;
      } else {
        await new Promise<void>((resolve) => {
          heard.wake = resolve;
        });
      }
    }
  } finally {
    leave();
    end.abort(); // what is awaited of the events ends by it
  }
}

type Next = { result: IteratorResult<StreamedEvent> } | { error: unknown };
