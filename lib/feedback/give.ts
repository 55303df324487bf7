import { type FeedbackRow, saveFeedback } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { ensureHere } from "../conversation-months/index.ts";
import type { Deps } from "../deps.ts";
import type { FeedbackView } from "../domain.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../errors.ts";
import { checkedText } from "../identifiers/index.ts";
import { checkId, givenFeedback, longestNote, parse } from "./input.ts";

/**
 * Says of an answer, or of one of its sentences, that it is helpful, wrong, unsupported or outdated; said again, it
 * takes the place of what was said before. For everybody who takes part in the conversation, readers too.
 * @param input `{ kind, note?, sentenceIndex? }`; the index null or absent for the whole answer
 * @throws NotFoundError, ConflictError while the answer is being made, InvalidInputError
 */
export async function giveFeedback(
  deps: Pick<Deps, "database" | "objects" | "log">,
  viewer: Viewer,
  conversationId: string,
  messageId: string,
  input: unknown,
): Promise<FeedbackView> {
  checkId(conversationId, "The conversation");
  checkId(messageId, "The answer");
  const { kind, note: written, sentenceIndex } = parse(givenFeedback, input);
  const note = (await checkedText(deps, viewer, "The note", written)).slice(0, longestNote);
  const place = { conversationId, messageId, sentenceIndex };
  const save = () => saveFeedback(deps.database, viewer, place, { kind, note });
  // One that was moved to the object store comes back: what is said of it stands beside its messages.
  const stored = (await save()) ?? ((await ensureHere(deps, viewer, conversationId)) ? await save() : null);
  if (!stored) throw new NotFoundError("The answer");
  if (!stored.isFinished) throw new ConflictError("This answer is still being made.");
  if (!stored.saved) throw new InvalidInputError(`“sentenceIndex”: this answer has no sentence ${sentenceIndex}.`);
  return feedbackViewOf(stored.saved);
}

export function feedbackViewOf(row: FeedbackRow): FeedbackView {
  const { messageId, sentenceIndex, kind, note, updatedAt } = row;
  return { messageId, sentenceIndex, kind, note, updatedAt: updatedAt.toISOString() };
}
