import { z } from "zod";
import { selectConversation } from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import type { Deps } from "../../deps.ts";
import { NotFoundError } from "../../errors.ts";
import { checkId, parseInput } from "../input.ts";

const presenceInput = z.object({ asking: z.boolean("say whether a question is being written: true or false") });

/** Says that the viewer is writing a question, which holds for six seconds, or no longer is. */
export async function setAsking(deps: Deps, viewer: Viewer, conversationId: string, input: unknown): Promise<void> {
  checkId(conversationId, "The conversation");
  const { asking } = parseInput(presenceInput, input);
  const conversation = await selectConversation(deps.database, viewer, conversationId);
  if (!conversation) throw new NotFoundError("The conversation");
  // One who may only read asks nothing.
  await deps.presence.setAsking(conversationId, viewer.userId, asking && conversation.role !== "reader");
}
