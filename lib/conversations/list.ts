import { z } from "zod";
import { selectConversations } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationSummary } from "../domain.ts";
import { InvalidInputError } from "../errors.ts";
import { conversationSummaryOf } from "./views.ts";

const position = z.tuple([z.iso.datetime(), z.uuid()]);

/**
 * A page of the viewer's conversations, the last used first.
 * @param page `before` is an earlier page's `next`; `limit` at most 100, 30 if not said
 */
export async function listConversations(
  deps: Deps,
  viewer: Viewer,
  page: { before?: string; limit?: number } = {},
): Promise<{ conversations: ConversationSummary[]; next: string | null }> {
  const limit = Math.min(Math.max(1, Math.trunc(page.limit ?? 30) || 30), 100);
  const rows = await selectConversations(deps.database, viewer, {
    before: parsePosition(page.before),
    limit: limit + 1,
  });
  const conversations = rows.slice(0, limit).map(conversationSummaryOf);
  const last = conversations.at(-1);
  return { conversations, next: rows.length > limit && last ? `${last.updatedAt}~${last.id}` : null };
}

function parsePosition(before: string | undefined): { updatedAt: string; id: string } | null {
  if (before === undefined) return null;
  const parsed = position.safeParse(before.split("~"));
  if (!parsed.success) throw new InvalidInputError("“before” is not a position that an earlier page gave.");
  const [updatedAt, id] = parsed.data;
  return { updatedAt, id };
}
