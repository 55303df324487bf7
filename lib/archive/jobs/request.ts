import { type ArchiveJobRow, insertArchiveJob } from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import { parseInput } from "../../conversations/input.ts";
import type { Deps } from "../../deps.ts";
import { ConflictError } from "../../errors.ts";
import { checkChange } from "../change.ts";
import { selectionOf } from "../find.ts";
import { type ArchiveFilter, bulkInput, exportInput } from "../input.ts";
import { requireArchive } from "../mode.ts";
import { openNaming } from "../pseudonyms.ts";
import type { JobView } from "../views.ts";
import { jobViewOf } from "./view.ts";

/** A person's open jobs at most. */
const openJobs = 5;

/**
 * Asks for all that is found to be written to a file, as CSV or JSON lines; a worker does so.
 * @throws ForbiddenError, InvalidInputError, ConflictError when too many are under way
 */
export async function requestExport(deps: Pick<Deps, "database">, viewer: Viewer, input: unknown): Promise<JobView> {
  const mode = await requireArchive(deps, viewer, "archive.manage");
  const { filter, form, reason } = parseInput(exportInput, input);
  const noted = await notedFilter(deps, viewer, mode, filter);
  return request(deps, viewer, "export", { mode, filter, form, reason }, "archive.export", {
    form,
    filter: noted,
    reasonKind: reason.kind,
    reason: reason.text,
  });
}

/** Asks for all that is found to be changed; a worker does so. @throws as `requestExport` */
export async function requestChange(deps: Pick<Deps, "database">, viewer: Viewer, input: unknown): Promise<JobView> {
  const mode = await requireArchive(deps, viewer, "archive.manage");
  const { filter, change, reason } = parseInput(bulkInput, input);
  checkChange(change);
  const noted = await notedFilter(deps, viewer, mode, filter);
  return request(deps, viewer, "change", { mode, filter, change, reason }, "archive.bulk", {
    change,
    filter: noted,
    reasonKind: reason.kind,
    reason: reason.text,
  });
}

/** What the audit log keeps of a filter: of words how many, of a person the ids. It also shows that the filter fits. */
async function notedFilter(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  mode: "normal" | "pseudonymised",
  filter: ArchiveFilter,
): Promise<Record<string, unknown>> {
  const naming = await openNaming(deps.database, viewer.tenantId, mode);
  const { people } = await selectionOf(deps, naming, filter);
  const { words, person: _, ...rest } = filter;
  return {
    ...rest,
    ...(words !== undefined && { words: words.split(/\s+/).length }),
    ...(people && { people: people.slice(0, 50) }),
  };
}

export async function request(
  deps: Pick<Deps, "database">,
  viewer: Pick<Viewer, "tenantId" | "userId">,
  kind: ArchiveJobRow["kind"],
  body: unknown,
  action: string,
  details: Record<string, unknown>,
): Promise<JobView> {
  const row = await insertArchiveJob(deps.database, viewer, { kind, request: body }, openJobs, (id) => ({
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action,
    subjectType: "job",
    subjectId: id,
    details,
  }));
  if (!row) throw new ConflictError(`You have ${openJobs} jobs under way; wait for one to end, or cancel it.`);
  return jobViewOf(row);
}
