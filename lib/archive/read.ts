import {
  insertOpening,
  type MessageRow,
  selectArchivedMessages,
  selectArchivedOne,
  selectArchivedPeople,
  selectOpening,
} from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { readMessages } from "../conversation-months/index.ts";
import { checkId, parseInput } from "../conversations/input.ts";
import { withStandings } from "../conversations/standing.ts";
import { messageViewOf, participantViewOf } from "../conversations/views.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError, ProbatumError } from "../errors.ts";
import { summaryOf } from "./find.ts";
import { archiveReason } from "./input.ts";
import { requireArchive } from "./mode.ts";
import { type Naming, openNaming } from "./pseudonyms.ts";
import type { ArchivedConversation, ArchivedSummary } from "./views.ts";

/** Minutes for which one reason holds, for one person and one conversation. */
export const reasonMinutes = 30;
const pageSize = 50;

/** 403: nothing is shown before the viewer has said why. */
export class ReasonNeededError extends ProbatumError {
  constructor() {
    super(403, "reason_needed", "Say why you read this conversation; it is recorded. A reason holds for 30 minutes.");
  }
}

/**
 * Records why the viewer reads a conversation; for 30 minutes they may.
 * @returns ISO, until when
 * @throws ForbiddenError, InvalidInputError, NotFoundError
 */
export async function openArchived(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  id: string,
  input: unknown,
): Promise<{ readableUntil: string }> {
  await requireArchive(deps, viewer, "archive.read");
  checkId(id, "The conversation");
  const reason = parseInput(archiveReason, input);
  const until = await insertOpening(deps.database, viewer, id, reason, reasonMinutes);
  if (!until) throw new NotFoundError("The conversation");
  return { readableUntil: until.toISOString() };
}

/** What is known of a conversation before a reason is given. @throws ForbiddenError, NotFoundError */
export async function getArchivedSummary(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  id: string,
): Promise<ArchivedSummary> {
  const mode = await requireArchive(deps, viewer, "archive.read");
  const row = await selectArchivedOne(deps.database, viewer.tenantId, checkId(id, "The conversation"));
  if (!row) throw new NotFoundError("The conversation");
  return summaryOf(row, await openNaming(deps.database, viewer.tenantId, mode));
}

/**
 * A conversation with a page of its messages, read-only: the viewer takes no part in it, is seen by nobody and leaves no
 * read mark. What readers wrote is shown as it is stored: identifiers that were taken out stay out.
 * @param page `before`: the messages before this sequence id; the last 50 if not said
 * @throws ReasonNeededError when no reason of this viewer holds; ForbiddenError; NotFoundError
 */
export async function readArchived(
  deps: Pick<Deps, "database" | "objects">,
  viewer: Viewer,
  id: string,
  page: { before?: number | undefined } = {},
): Promise<ArchivedConversation> {
  const mode = await requireArchive(deps, viewer, "archive.read");
  const { database } = deps;
  const { tenantId } = viewer;
  const row = await selectArchivedOne(database, tenantId, checkId(id, "The conversation"));
  if (!row) throw new NotFoundError("The conversation");
  const until = await selectOpening(database, viewer, id);
  if (!until) throw new ReasonNeededError();
  const naming = await openNaming(database, tenantId, mode);
  const wanted = { limit: pageSize + 1, before: page.before };
  const read = await readMessages(deps, viewer, row, wanted, () =>
    selectArchivedMessages(database, tenantId, row, wanted),
  );
  const people = await selectArchivedPeople(database, tenantId, id);
  const shown = read.slice(-pageSize).map((message) => messageViewOf(named(message, naming)));
  return {
    ...summaryOf(row, naming),
    mode,
    readableUntil: until.toISOString(),
    participants: people.map((person) => {
      const { id: shownId, name } = naming.person(person);
      return { ...participantViewOf(person), id: shownId, name };
    }),
    shown: await withStandings(deps, tenantId, shown),
    hasEarlier: read.length > pageSize,
  };
}

/** A message under the name that its sender has in the archive. */
export function named(message: MessageRow, naming: Naming): MessageRow {
  const { id, name } = naming.person({ id: message.senderId, name: message.senderName });
  return { ...message, senderId: id, senderName: message.senderName === null ? null : name };
}
