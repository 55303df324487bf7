import { z } from "zod";
import {
  archiveForReader,
  deleteConversation as remove,
  restoreConversation as restore,
  selectIdentifiers,
  updateConversation,
} from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationSummary } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { checkedText } from "../identifiers/index.ts";
import { replacedIdentifier } from "../phi/index.ts";
import { cleanText, collapseWhitespace } from "../text/clean.ts";
import { checkId, parseInput } from "./input.ts";
import { conversationSummaryOf } from "./views.ts";

const longestTitle = 500;

const renameInput = z.object({
  title: z
    .string()
    .transform((title) => collapseWhitespace(cleanText(title)))
    .pipe(z.string().min(1, "write a title").max(longestTitle, `at most ${longestTitle} characters`)),
});

export async function renameConversation(
  deps: Deps,
  viewer: Viewer,
  id: string,
  input: unknown,
): Promise<ConversationSummary> {
  const { title: written } = parseInput(renameInput, input);
  checkId(id, "The conversation");
  const known = z.array(replacedIdentifier).parse(await selectIdentifiers(deps.database, viewer, id));
  const title = (await checkedText(deps, viewer, "The title", written, known)).slice(0, longestTitle);
  const row = await updateConversation(deps.database, viewer, checkId(id, "The conversation"), { title });
  if (!row) throw new NotFoundError("The conversation");
  await deps.events.append(id, { type: "title", title });
  return conversationSummaryOf(row);
}

/** Takes a conversation out of the viewer's list; its address still opens it. */
export async function archiveConversation(deps: Deps, viewer: Viewer, id: string): Promise<ConversationSummary> {
  const row = await archiveForReader(deps.database, viewer, checkId(id, "The conversation"), true);
  if (!row) throw new NotFoundError("The conversation");
  return conversationSummaryOf(row);
}

/** Puts it back into the viewer's list. */
export async function unarchiveConversation(deps: Deps, viewer: Viewer, id: string): Promise<ConversationSummary> {
  const row = await archiveForReader(deps.database, viewer, checkId(id, "The conversation"), false);
  if (!row) throw new NotFoundError("The conversation");
  return conversationSummaryOf(row);
}

/** Deletes a conversation for everybody in it. Only its owner can, and can restore it until it is purged. */
export async function deleteConversation(deps: Deps, viewer: Viewer, id: string): Promise<void> {
  if (!(await remove(deps.database, viewer, checkId(id, "The conversation"))))
    throw new NotFoundError("The conversation");
}

/** Brings a deleted conversation back as it was, for everybody in it. Only its owner can. */
export async function restoreConversation(deps: Deps, viewer: Viewer, id: string): Promise<void> {
  if (!(await restore(deps.database, viewer, checkId(id, "The conversation"))))
    throw new NotFoundError("The deleted conversation");
}
