import { removeFeedback } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { ensureHere } from "../conversation-months/index.ts";
import type { Deps } from "../deps.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { checkId } from "./input.ts";

/**
 * Takes back what the viewer said of an answer, or of one of its sentences.
 * @param sentence its index as an address gives it; null for the whole answer
 * @throws NotFoundError when there is nothing of theirs to take back
 */
export async function withdrawFeedback(
  deps: Pick<Deps, "database" | "objects" | "log">,
  viewer: Viewer,
  conversationId: string,
  messageId: string,
  sentence: string | null,
): Promise<void> {
  checkId(conversationId, "The conversation");
  checkId(messageId, "The answer");
  if (sentence !== null && !/^\d{1,6}$/.test(sentence)) {
    throw new InvalidInputError("“sentence”: expected the number of a sentence");
  }
  const sentenceIndex = sentence === null ? null : Number(sentence);
  const remove = () => removeFeedback(deps.database, viewer, { conversationId, messageId, sentenceIndex });
  const removed = (await remove()) || ((await ensureHere(deps, viewer, conversationId)) && (await remove()));
  if (!removed) throw new NotFoundError("The feedback");
}
