import { selectConversation, selectParticipants } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { readWithFeedback } from "../conversation-months/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationView } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { feedbackViewOf } from "../feedback/index.ts";
import { checkId } from "./input.ts";
import { recentMessages } from "./recent-messages.ts";
import { withStandings } from "./standing.ts";
import { conversationSummaryOf, participantViewOf, shownViewOf } from "./views.ts";

const messageLimit = 50;

/** A conversation with its last 50 messages, each citation with what holds of it today, and the place in its event stream from which nothing is missed. */
export async function getConversation(deps: Deps, viewer: Viewer, id: string): Promise<ConversationView> {
  checkId(id, "The conversation");
  const latest = await deps.events.latestId(id); // before the rows: what comes in between is in both, and harmless
  const conversation = await selectConversation(deps.database, viewer, id);
  if (!conversation) throw new NotFoundError("The conversation");
  const [{ rows: read, feedback }, participants] = await Promise.all([
    readWithFeedback(deps, viewer, conversation, { limit: messageLimit + 1 }, () =>
      recentMessages(deps.database, viewer, conversation, messageLimit + 1),
    ),
    selectParticipants(deps.database, viewer, id),
  ]);
  const rows = read.slice(-messageLimit);
  // In memory, the events of an answer whose process died are gone: asking for them again would end in resets only.
  const unfinished = rows.find(
    (row) => (row.status === "pending" || row.status === "streaming") && (deps.redis || deps.running.has(row.id)),
  );
  return {
    ...conversationSummaryOf(conversation),
    mayWrite: conversation.role !== "reader",
    readerId: viewer.userId,
    hasEarlier: read.length > rows.length,
    participants: participants.map(participantViewOf),
    feedback: feedback.map(feedbackViewOf),
    messages: await withStandings(deps, viewer.tenantId, rows.map(shownViewOf)),
    eventCursor: unfinished?.metadata.eventsAfter ?? latest,
  };
}
