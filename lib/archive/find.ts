import { z } from "zod";
import {
  type ArchivedRow,
  type ArchivePosition,
  type ArchiveSelection,
  countSearchWords,
  selectArchiveCollections,
  selectArchived,
} from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { parseInput } from "../conversations/input.ts";
import type { Deps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { type ArchiveFilter, archiveFilter } from "./input.ts";
import { requireArchive } from "./mode.ts";
import { type Naming, openNaming } from "./pseudonyms.ts";
import type { ArchivedSummary, ArchivePage } from "./views.ts";

const position = z.tuple([z.iso.datetime({ precision: 6 }), z.uuid()]);

/**
 * A page of the tenant's conversations, whoever takes part in them, the last used first: their titles, owners, dates and
 * counts. Words are searched in titles and messages, moved ones among them.
 * @param page `before` is an earlier page's `next`; `limit` at most 100, 50 if not said
 * @throws ForbiddenError; InvalidInputError naming the part of the filter that does not fit
 */
export async function findConversations(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  filter: unknown = {},
  page: { before?: string | undefined; limit?: number } = {},
): Promise<ArchivePage> {
  const mode = await requireArchive(deps, viewer, "archive.read");
  const naming = await openNaming(deps.database, viewer.tenantId, mode);
  const selection = await selectionOf(deps, naming, parseInput(archiveFilter, filter));
  const limit = Math.min(Math.max(1, Math.trunc(page.limit ?? 50) || 50), 100);
  const before = parsePosition(page.before);
  const rows = await selectArchived(deps.database, viewer.tenantId, selection, { before, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    mode,
    conversations: shown.map((row) => summaryOf(row, naming)),
    next: last ? `${last.position}~${last.id}` : null,
  };
}

/** Collections by which the archive can be filtered. */
export async function archiveCollections(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
): Promise<{ slug: string; title: string }[]> {
  await requireArchive(deps, viewer, "archive.read");
  return selectArchiveCollections(deps.database, viewer.tenantId);
}

/** @throws InvalidInputError when all words are too common to be looked for */
export async function selectionOf(
  { database }: Pick<Deps, "database">,
  naming: Naming,
  { person, from, until, words, collection, feedback, state }: ArchiveFilter,
): Promise<ArchiveSelection> {
  if (words && (await countSearchWords(database, words)) === 0) {
    throw new InvalidInputError("“words”: these stand in nearly every text; name rarer ones.");
  }
  return {
    people: person ? await naming.find(person) : null,
    from: from ?? null,
    until: until ?? null,
    words: words ?? null,
    collection: collection ?? null,
    feedback: feedback ?? null,
    state: state ?? null,
  };
}

export function summaryOf(row: ArchivedRow, naming: Naming): ArchivedSummary {
  return {
    id: row.id,
    title: row.title,
    owner: naming.person({ id: row.ownerId, name: row.ownerName, email: row.ownerEmail }),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    messages: row.messageCount,
    people: row.people,
    archived: row.archived,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    retainUntil: row.retainUntil?.toISOString() ?? null,
    heldUntil: row.heldUntil,
    moved: row.moved,
  };
}

function parsePosition(before: string | undefined): ArchivePosition | null {
  if (before === undefined) return null;
  const parsed = position.safeParse(before.split("~"));
  if (!parsed.success) throw new InvalidInputError("“before” is not a position that an earlier page gave.");
  const [updatedAt, id] = parsed.data;
  return { updatedAt, id };
}
