import { z } from "zod";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationEvent } from "../domain.ts";
import { createConversation } from "./create.ts";
import { parseInput, questionInput } from "./input.ts";
import { postMessage } from "./post-message.ts";
import { subscribe } from "./subscribe.ts";

const chatInput = questionInput.extend({ conversationId: z.uuid().optional() });

/**
 * For programs: asks, in a new conversation or a given one, and yields the events of this one answer up to its `done`.
 * The question and answer are stored as if asked in the browser; leaving early does not stop the answer.
 */
export async function* chat(
  deps: Deps,
  viewer: Viewer,
  input: unknown,
  signal: AbortSignal,
): AsyncGenerator<ConversationEvent> {
  const { conversationId, ...question } = parseInput(chatInput, input);
  const posted = conversationId
    ? await postMessage(deps, viewer, conversationId, question)
    : await createConversation(deps, viewer, question);
  const events = await subscribe(deps, viewer, posted.conversationId, { after: posted.eventsAfter, signal });
  for await (const { event } of events) {
    if (event.type === "message" && (event.message.id === posted.question.id || event.message.id === posted.answer.id))
      yield event;
    if ("messageId" in event && event.messageId === posted.answer.id) yield event;
    if (event.type === "done" && event.messageId === posted.answer.id) return;
    if (event.type === "reset") yield event;
  }
}
