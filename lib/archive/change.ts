import { type ArchiveOutcome, changeArchived, type ArchiveChange as StoredChange } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { checkId, parseInput } from "../conversations/input.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../errors.ts";
import { changeInput } from "./input.ts";
import { requireArchive } from "./mode.ts";
import { getArchivedSummary } from "./read.ts";
import type { ArchivedSummary } from "./views.ts";

const furthestYears = 100;

/**
 * Puts a conversation away for everybody in it, brings it back, keeps it until a day or without end (a legal hold),
 * releases it, or deletes it, to be purged after the time of grace. Each with a reason, recorded in the same transaction.
 * @throws ConflictError when what is held should be deleted; ForbiddenError, InvalidInputError, NotFoundError
 */
export async function changeArchivedConversation(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  id: string,
  input: unknown,
): Promise<ArchivedSummary> {
  await requireArchive(deps, viewer, "archive.manage");
  checkId(id, "The conversation");
  const { change, reason } = parseInput(changeInput, input);
  checkChange(change);
  const outcome = await changeArchived(deps.database, viewer, id, change, reason);
  if (outcome === "absent") throw new NotFoundError("The conversation");
  if (outcome === "held") throw new ConflictError(outcomeWords.held);
  return getArchivedSummary(deps, viewer, id);
}

export const outcomeWords: Record<Exclude<ArchiveOutcome, "done">, string> = {
  held: "It is held; release it before it is deleted.",
  absent: "It is gone.",
  unchanged: "It was so already.",
};

/** @throws InvalidInputError for a day of retention that is past, or beyond a hundred years */
export function checkChange(change: StoredChange): void {
  if (change.action !== "retain") return;
  const until = new Date(change.until);
  const furthest = new Date();
  furthest.setUTCFullYear(furthest.getUTCFullYear() + furthestYears);
  if (until <= new Date()) throw new InvalidInputError("“until” has passed; to let go of it, release it.");
  if (until > furthest) throw new InvalidInputError(`“until” is more than ${furthestYears} years away; use a hold.`);
}
