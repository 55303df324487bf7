import { z } from "zod";
import { selectConversations, selectLabels } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationSummary } from "../domain.ts";
import { InvalidInputError } from "../errors.ts";
import { parseInput } from "./input.ts";
import { conversationSummaryOf } from "./views.ts";

const position = z.tuple([z.enum(["0", "1"]), z.iso.datetime(), z.uuid()]);
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")]);

const listInput = z.object({
  before: z.string().optional(),
  limit: z.coerce.number().optional(),
  label: z.string().max(1000).optional(),
  with: z.string().max(200).optional(),
  archived: flag.default(false),
  deleted: flag.default(false),
});
export type ConversationListInput = z.input<typeof listInput>;

export interface ConversationList {
  conversations: ConversationSummary[];
  /** What to ask for the older ones with; null at the end. */
  next: string | null;
  /** Every label the viewer uses. */
  labels: string[];
}

/**
 * A page of the viewer's conversations: the pinned ones first, then the last used first.
 * @param input `label` and `with` (a colleague's id, or part of a name) narrow it; `archived` gives those put away,
 *   `deleted` the viewer's own that can still be restored; `before` is an earlier page's `next`; `limit` at most 100,
 *   30 if not said
 * @throws InvalidInputError naming the field that does not fit
 */
export async function listConversations(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  input: ConversationListInput = {},
): Promise<ConversationList> {
  const asked = parseInput(listInput, input);
  const limit = Math.min(Math.max(1, Math.trunc(asked.limit ?? 30) || 30), 100);
  const [rows, labels] = await Promise.all([
    selectConversations(deps.database, viewer, {
      before: parsePosition(asked.before),
      limit: limit + 1,
      label: asked.label,
      with: asked.with,
      which: asked.deleted ? "deleted" : asked.archived ? "archived" : "current",
    }),
    selectLabels(deps.database, viewer),
  ]);
  const conversations = rows.slice(0, limit).map(conversationSummaryOf);
  const last = conversations.at(-1);
  const pinned = last?.pinned && !asked.deleted && !asked.archived ? 1 : 0;
  return {
    conversations,
    next: rows.length > limit && last ? `${pinned}~${last.updatedAt}~${last.id}` : null,
    labels,
  };
}

function parsePosition(before: string | undefined) {
  if (before === undefined) return null;
  const parsed = position.safeParse(before.split("~"));
  if (!parsed.success) throw new InvalidInputError("“before” is not a position that an earlier page gave.");
  const [pinned, updatedAt, id] = parsed.data;
  return { pinned: pinned === "1", updatedAt, id };
}
