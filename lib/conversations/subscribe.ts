import { selectConversation } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationEvent } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { checkId } from "./input.ts";

export interface StreamedEvent {
  /** Monotonic; give the last one seen as `after` to go on from there. */
  id: string;
  event: ConversationEvent;
}

/**
 * The conversation's events after a position, then live until `signal` aborts. `reset` says that the position is out
 * of reach: read the conversation again.
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
  return follow(deps, conversationId, options);
}

async function* follow(
  deps: Deps,
  conversationId: string,
  options: { after?: string; signal: AbortSignal },
): AsyncIterable<StreamedEvent> {
  for await (const entry of deps.events.subscribe(conversationId, options)) {
    if ("reset" in entry) yield { id: await deps.events.latestId(conversationId), event: { type: "reset" } };
    else yield { id: entry.id, event: entry.event as ConversationEvent };
  }
}
