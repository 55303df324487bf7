import { z } from "zod";
import {
  deleteSilentConversations,
  purgeConversation,
  selectMovedPlace,
  selectPurgeable,
  setRetention,
} from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { checkId, parseInput } from "./input.ts";

/** Conversations looked at in one go. */
const atOnce = 200;

export interface Purged {
  /** Marked as deleted, because nobody had used them for as long as they are to be kept. */
  retired: number;
  /** Gone for good. */
  purged: number;
}

/**
 * Removes for good what was deleted longer ago than the time of grace, and marks as deleted what nobody has used for as
 * long as conversations are kept, if they are not kept for ever. Nothing goes before its own date of retention.
 */
export async function purgeConversations(deps: Pick<Deps, "database" | "objects" | "env" | "log">): Promise<Purged> {
  const { CONVERSATION_GRACE_DAYS: graceDays, CONVERSATION_RETENTION_DAYS: retentionDays } = deps.env;
  const retired = retentionDays ? await deleteSilentConversations(deps.database, retentionDays, atOnce) : 0;
  let purged = 0;
  for (const { id } of await selectPurgeable(deps.database, graceDays, atOnce)) {
    const place = await selectMovedPlace(deps.database, id);
    if (!(await purgeConversation(deps.database, id, graceDays))) continue;
    purged += 1;
    if (!place) continue;
    await deps.objects.delete(place.key).catch((error: unknown) => {
      deps.log.warn({ err: error, key: place.key }, "a purged conversation left its object; it is removed at night");
    });
  }
  if (retired + purged > 0) deps.log.info({ retired, purged }, "conversations were removed by their dates");
  return { retired, purged };
}

const retentionInput = z.object({ retainUntil: z.iso.datetime({ offset: true }).nullable() });

/**
 * Keeps a conversation from being removed for good before a moment, whoever deletes it; null takes that back.
 * @throws NotFoundError when the viewer is not its owner
 */
export async function retainConversation(deps: Deps, viewer: Viewer, id: string, input: unknown): Promise<void> {
  const { retainUntil } = parseInput(retentionInput, input);
  const until = retainUntil === null ? null : new Date(retainUntil);
  if (!(await setRetention(deps.database, viewer, checkId(id, "The conversation"), until)))
    throw new NotFoundError("The conversation");
}
