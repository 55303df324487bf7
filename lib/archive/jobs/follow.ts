import { type ArchiveJobRow, cancelArchiveJob, selectArchiveJob, selectArchiveJobs } from "#db/index.ts";
import { record } from "../../audit/index.ts";
import type { Viewer } from "../../auth/index.ts";
import { checkId } from "../../conversations/input.ts";
import type { Deps } from "../../deps.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../../errors.ts";
import { requireArchive } from "../mode.ts";
import { type ArchiveMode, archiveModes, type JobView } from "../views.ts";
import { pieceKey } from "./keys.ts";
import { jobViewOf } from "./view.ts";

const listed = 20;

/** The viewer's own exports and changes, the newest first. @throws ForbiddenError */
export async function listJobs(deps: Pick<Deps, "database">, viewer: Viewer): Promise<JobView[]> {
  await requireArchive(deps, viewer, "archive.manage");
  return (await selectArchiveJobs(deps.database, viewer, ["export", "change"], listed)).map(jobViewOf);
}

/** The viewer's own requests for their own data, the newest first. */
export async function listOwnDataJobs(deps: Pick<Deps, "database">, viewer: Viewer): Promise<JobView[]> {
  return (await selectArchiveJobs(deps.database, viewer, ["own-data"], listed)).map(jobViewOf);
}

/** Ends a job of the viewer's own as soon as it can; what it has changed stays changed. @throws NotFoundError */
export async function cancelJob(deps: Pick<Deps, "database">, viewer: Viewer, id: string): Promise<JobView> {
  await openOwn(deps, viewer, id);
  const row = await cancelArchiveJob(deps.database, viewer, id);
  if (!row) throw new ConflictError("It has ended already.");
  await record(deps, {
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action: row.kind === "own-data" ? "privacy.export.cancel" : "archive.job.cancel",
    subjectType: "job",
    subjectId: id,
  });
  return jobViewOf(row);
}

export interface JobFile {
  fileName: string;
  mediaType: string;
  bytes: number;
  /** In its pieces' order; never held as a whole. */
  body: AsyncGenerator<Uint8Array>;
}

/**
 * The file of a job of the viewer's own, as long as it is kept and they may have it. The download is recorded before it
 * begins.
 * @throws ForbiddenError when the archive shows less than it did when the file was made; NotFoundError
 */
export async function downloadJob(
  deps: Pick<Deps, "database" | "objects">,
  viewer: Viewer,
  id: string,
): Promise<JobFile> {
  const { row, mode } = await openOwn(deps, viewer, id);
  const view = jobViewOf(row);
  if (view.downloadUntil === null) throw new NotFoundError("The file");
  const made = (row.request as { mode?: ArchiveMode }).mode;
  if (mode && made && archiveModes.indexOf(mode) > archiveModes.indexOf(made)) {
    throw new ForbiddenError("The file shows more than the archive does now. Ask for another one.");
  }
  await record(deps, {
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action: row.kind === "own-data" ? "privacy.export.download" : "archive.export.download",
    subjectType: "job",
    subjectId: id,
    details: { bytes: row.bytes },
  });
  const day = row.createdAt.toISOString().slice(0, 10);
  const form = view.what === "csv" ? "csv" : "jsonl";
  return {
    fileName: `${row.kind === "own-data" ? "my-data" : "conversations"}-${day}.${form}`,
    mediaType: form === "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
    bytes: row.bytes,
    body: pieces(deps, row),
  };
}

async function* pieces({ objects }: Pick<Deps, "objects">, row: ArchiveJobRow): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < row.pieces; piece += 1) {
    const { body } = await objects.get(pieceKey(row.tenantId, row.id, piece));
    for await (const bytes of body) yield bytes as Uint8Array;
  }
}

async function openOwn(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  id: string,
): Promise<{ row: ArchiveJobRow; mode: ArchiveMode | null }> {
  const row = await selectArchiveJob(deps.database, viewer, checkId(id, "The job"));
  if (!row) throw new NotFoundError("The job");
  return { row, mode: row.kind === "own-data" ? null : await requireArchive(deps, viewer, "archive.manage") };
}
