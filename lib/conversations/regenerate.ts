import { insertAnswer, type MessageRow, selectEarlierQuestions, selectWritableMessage } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { ensureHere } from "../conversation-months/index.ts";
import type { Deps } from "../deps.ts";
import type { MessageView } from "../domain.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import type { Lease } from "../limits/index.ts";
import { withoutIdentifiers } from "../phi/index.ts";
import { checkId } from "./input.ts";
import { beginAnswer } from "./post-message.ts";
import { produceAnswer } from "./produce-answer.ts";
import { messageViewOf, shownViewOf } from "./views.ts";

/** Answers the same question again; the earlier answer stays. `messageId` is the answer's or the question's. */
export async function regenerateAnswer(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  messageId: string,
): Promise<{ answer: MessageView }> {
  await permit(deps, viewer, "ask", "ask");
  checkId(conversationId, "The conversation");
  await ensureHere(deps, viewer, conversationId);
  const message = await selectWritableMessage(deps.database, viewer, conversationId, checkId(messageId, "The message"));
  if (!message) throw new NotFoundError("The message");
  if (message.status === "pending" || message.status === "streaming") {
    throw new ConflictError("This answer is still being made. Stop it first.");
  }
  const questionId = message.role === "user" ? message.id : message.parentId;
  const question = questionId && (await selectWritableMessage(deps.database, viewer, conversationId, questionId));
  if (!question) throw new NotFoundError("The question");
  const lease = await beginAnswer(deps, viewer);
  return store(deps, viewer, question, lease).catch((error) => {
    lease.release();
    throw error;
  });
}

/** What was stored before questions were checked is checked now. */
function toldQuestion({ content, metadata }: MessageRow): string {
  return metadata.checked ? content : withoutIdentifiers(content);
}

async function store(deps: Deps, viewer: Viewer, question: MessageRow, lease: Lease): Promise<{ answer: MessageView }> {
  const { conversationId } = question;
  const eventsAfter = await deps.events.latestId(conversationId);
  const stored = await insertAnswer(deps.database, viewer, conversationId, { questionId: question.id, eventsAfter });
  if (!stored) throw new NotFoundError("The conversation");
  const answer = messageViewOf(stored);
  await deps.events.append(conversationId, { type: "message", message: answer });
  produceAnswer(deps, {
    answer: stored,
    tenantId: viewer.tenantId,
    question: toldQuestion(question),
    collections: question.metadata.collections ?? [],
    filters: messageViewOf(question).filters,
    fresh: true,
    lease,
    earlierQuestions: await selectEarlierQuestions(deps.database, conversationId, question.id, 5),
  });
  return { answer: shownViewOf(stored) };
}
