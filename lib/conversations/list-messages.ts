import { z } from "zod";
import { selectConversation } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { readMessages } from "../conversation-months/index.ts";
import type { Deps } from "../deps.ts";
import type { MessageView } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { checkId, parseInput } from "./input.ts";
import { withStandings } from "./standing.ts";
import { shownViewOf } from "./views.ts";

const sequenceId = z.coerce.number().int().nonnegative();
const pageInput = z
  .object({
    after: sequenceId.optional(),
    before: sequenceId.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine(({ after, before }) => after === undefined || before === undefined, "give “after” or “before”, not both");

/** Messages by their sequence ids, oldest first; `hasEarlier` and `hasLater` say whether the page's side goes on. */
export interface MessageList {
  messages: MessageView[];
  hasEarlier: boolean;
  hasLater: boolean;
}

/**
 * A page of a conversation's messages: the last ones, those before a sequence id, or those after one.
 * @throws NotFoundError; InvalidInputError for bounds that are none
 */
export async function listMessages(
  deps: Deps,
  viewer: Viewer,
  conversationId: string,
  input: unknown,
): Promise<MessageList> {
  const { limit, after, before } = parseInput(pageInput, input);
  const conversation = await selectConversation(deps.database, viewer, checkId(conversationId, "The conversation"));
  if (!conversation) throw new NotFoundError("The conversation");
  const read = await readMessages(deps, viewer, conversation, { limit: limit + 1, after, before });
  const isForward = after !== undefined;
  const rows = isForward ? read.slice(0, limit) : read.slice(-limit);
  const hasMore = read.length > rows.length;
  return {
    messages: await withStandings(deps, viewer.tenantId, rows.map(shownViewOf)),
    hasEarlier: isForward ? after > 0 : hasMore,
    hasLater: isForward ? hasMore : before !== undefined,
  };
}
