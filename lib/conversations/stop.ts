import { setTimeout } from "node:timers/promises";
import { finishAnswer, selectWritableMessage } from "#db/index.ts";
import { emptyAnswer } from "../ask/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { answerResult } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { finishedAnswer } from "./finished-answer.ts";
import { checkId } from "./input.ts";
import { withStanding } from "./standing.ts";
import { messageViewOf } from "./views.ts";

/** Milliseconds that the process which makes an answer has to end it. */
const endTime = 800;
const lookInterval = 40;

/** The stream on which the process that makes an answer hears that it was stopped elsewhere. */
export const stopStream = (messageId: string) => `stop:${messageId}`;

/** Stops an answer and keeps what it has shown. Stopping one that has ended changes nothing. */
export async function stopAnswer(deps: Deps, viewer: Viewer, conversationId: string, messageId: string): Promise<void> {
  checkId(conversationId, "The conversation");
  const message = await selectWritableMessage(deps.database, viewer, conversationId, checkId(messageId, "The message"));
  if (!message) throw new NotFoundError("The message");
  const running = deps.running.get(messageId);
  if (running) {
    running.abort.abort();
    return;
  }
  if (message.status !== "pending" && message.status !== "streaming") return;
  // Another process is making it, and ends it with all that it has shown; unless it is gone.
  await deps.events.append(stopStream(messageId), { stop: true });
  if (await hasEnded(deps, viewer, conversationId, messageId)) return;
  const shown = message.answer === null ? emptyAnswer(deps.chatModel) : answerResult.parse(message.answer);
  const stored = await finishAnswer(deps.database, message, finishedAnswer({ ...shown, status: "stopped" }, null));
  if (!stored) return;
  const ended = await withStanding(deps, viewer.tenantId, messageViewOf(stored));
  await deps.events.append(conversationId, { type: "done", messageId, message: ended });
}

async function hasEnded(deps: Deps, viewer: Viewer, conversationId: string, messageId: string): Promise<boolean> {
  for (const end = performance.now() + endTime; performance.now() < end; ) {
    await setTimeout(lookInterval);
    const message = await selectWritableMessage(deps.database, viewer, conversationId, messageId);
    if (message?.status !== "pending" && message?.status !== "streaming") return true;
  }
  return false;
}
