import { type StoredIdentifier, selectConversation, selectIdentifiers, selectMessageIdentifiers } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationEvent } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { placeholdersIn, restoreIdentifiers } from "../phi/index.ts";
import { checkId } from "./input.ts";
import { type NoLongerReaderError, watchAccess } from "./sharing/access.ts";
import { withOwnWords } from "./views.ts";

export interface StreamedEvent {
  /** Monotonic; give the last one seen as `after` to go on from there. */
  id: string;
  event: ConversationEvent;
}

/**
 * The conversation's events after a position, then live until `signal` aborts. `reset` says that the position is out
 * of reach: read the conversation again. Throws NoLongerReaderError as soon as the viewer may no longer read.
 * @throws NotFoundError when the conversation is not the viewer's to read
 */
export async function subscribe(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  options: { after?: string; signal: AbortSignal },
): Promise<AsyncIterable<StreamedEvent>> {
  checkId(conversationId, "The conversation");
  if (!(await selectConversation(deps.database, viewer, conversationId))) throw new NotFoundError("The conversation");
  return follow(deps, viewer, conversationId, options);
}

async function* follow(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  options: { after?: string; signal: AbortSignal },
): AsyncGenerator<StreamedEvent> {
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const restored = ownWords(deps, viewer, conversationId);
  const lost: NoLongerReaderError[] = [];
  const access = watchAccess(deps.database, viewer, conversationId, (error) => {
    lost.push(error);
    end.abort();
  });
  try {
    for await (const entry of deps.events.subscribe(conversationId, { ...options, signal })) {
      if ("reset" in entry) {
        yield { id: await deps.events.latestId(conversationId), event: { type: "reset" } };
        continue;
      }
      const event = entry.event as ConversationEvent;
      // What is said may be old: only the tables know whether somebody missing in it is back.
      if (isWithout(event, viewer.userId)) await access.check();
      if (lost.length > 0) break;
      yield { id: entry.id, event: await restored(event) };
    }
    if (lost[0]) throw lost[0];
  } finally {
    access.stop();
  }
}

function isWithout(event: ConversationEvent, userId: string): boolean {
  return event.type === "participants" && event.participants.every(({ id }) => id !== userId);
}

/** Puts back, for one reader, what the stream's events hold placeholders for. The store is asked once a message. */
function ownWords(deps: Pick<Deps, "database">, viewer: Viewer, conversationId: string) {
  const known = new Map<string, Promise<StoredIdentifier[]>>();
  const ofMessage = (id: string) => {
    const identifiers = known.get(id) ?? selectMessageIdentifiers(deps.database, viewer, conversationId, id);
    known.set(id, identifiers);
    return identifiers;
  };
  return async (event: ConversationEvent): Promise<ConversationEvent> => {
    if (placeholdersIn(event).length === 0) return event;
    if (event.type === "title")
      return restoreIdentifiers(event, await selectIdentifiers(deps.database, viewer, conversationId));
    if (event.type === "message" || event.type === "done") {
      const { message } = event;
      return { ...event, message: withOwnWords(message, await ofMessage(message.id)) };
    }
    if (!("messageId" in event)) return event;
    const identifiers = await ofMessage(event.messageId);
    return restoreIdentifiers(event, identifiers);
  };
}
