import {
  type ArchiveChange,
  type ArchiveJobRow,
  type ArchiveReason,
  claimArchiveJob,
  endArchiveJob,
  type JobProgress,
  saveArchiveJob,
  selectActingRole,
  selectArchiveMode,
} from "#db/index.ts";
import { may } from "../../auth/permissions.ts";
import { ForbiddenError, ProbatumError } from "../../errors.ts";
import { ownDataRows } from "../../privacy/own-data.ts";
import type { ArchiveFilter } from "../input.ts";
import type { ArchiveMode, ExportForm } from "../views.ts";
import { changeRows } from "./change-rows.ts";
import { exportRows } from "./export-rows.ts";
import { pieceKey } from "./keys.ts";
import type { JobDeps, Portion } from "./types.ts";

/** Characters of a file that are held before they are written as a piece. */
const pieceLength = 1_000_000;
/** Milliseconds between two savings, whatever there is. */
const saveAtLeastEvery = 5_000;
const keepHours = 24;
const outcomesKept = 100;
const mostAttempts = 12;

/**
 * Carries a job out from where it is: writes its file piece by piece, saves after each, and ends when it is asked to. One
 * that is interrupted goes back to be gone on with.
 * @returns how it came out; null when it was not to be had
 */
export async function carryOutJob(
  deps: JobDeps,
  id: string,
  worker: string,
  signal: AbortSignal,
): Promise<"complete" | "failed" | "cancelled" | "queued" | null> {
  const job = await claimArchiveJob(deps.database, id, worker);
  if (!job) return null;
  const end = (status: "complete" | "failed" | "cancelled" | "queued", error: string | null, counts = job.counts) =>
    endArchiveJob(
      deps.database,
      id,
      worker,
      { status, error, keepHours: hoursKept(job, status) },
      status === "queued" ? null : auditOf(job, status, counts),
    ).then((ended) => (ended ? status : null));
  try {
    const state: JobProgress = { ...job };
    const outcome = await work(deps, job, worker, state, signal);
    return outcome === null ? null : await end(outcome, null, state.counts);
  } catch (error) {
    if (error instanceof ProbatumError && error.status < 500) return end("failed", error.message);
    deps.log.warn({ err: error, job: id }, "a job of the archive was interrupted; it is gone on with");
    const why = (error as Error).message.slice(0, 500);
    return job.attempts >= mostAttempts
      ? end("failed", `Given up after ${mostAttempts} attempts: ${why}`)
      : end("queued", why);
  }
}

/** What came to nothing is removed at once. */
function hoursKept({ kind }: ArchiveJobRow, status: string): number | null {
  if (kind === "change" || status === "queued") return null;
  return status === "complete" ? keepHours : 0;
}

async function work(
  deps: JobDeps,
  job: ArchiveJobRow,
  worker: string,
  state: JobProgress,
  signal: AbortSignal,
): Promise<"complete" | "cancelled" | "queued" | null> {
  let held = "";
  let saved = Date.now();
  const save = async (): Promise<"mine" | "cancelled" | "lost"> => {
    if (held !== "") {
      const bytes = new TextEncoder().encode(held);
      await deps.objects.put(pieceKey(job.tenantId, job.id, state.pieces), bytes, {
        contentType: "application/octet-stream",
      });
      state.pieces += 1;
      state.bytes += bytes.length;
      held = "";
    }
    saved = Date.now();
    const still = await saveArchiveJob(deps.database, job.id, worker, state);
    return still ? (still.cancelRequested ? "cancelled" : "mine") : "lost";
  };
  const mode = await permittedMode(deps, job);
  for await (const portion of portionsOf(deps, job, mode)) {
    held += portion.text;
    add(state, portion);
    if (held.length < pieceLength && job.kind !== "change" && Date.now() - saved < saveAtLeastEvery) continue;
    const whose = await save();
    if (whose !== "mine") return whose === "lost" ? null : "cancelled";
    if (signal.aborted) return "queued";
    await permittedMode(deps, job); // whoever may no longer gets no further
  }
  const whose = await save();
  return whose === "mine" ? "complete" : whose === "lost" ? null : "cancelled";
}

function portionsOf(deps: JobDeps, job: ArchiveJobRow, mode: ArchiveMode): AsyncGenerator<Portion> {
  const { tenantId, userId, cursor } = job;
  switch (job.kind) {
    case "export":
      return exportRows(deps, tenantId, mode, job.request as { filter: ArchiveFilter; form: ExportForm }, cursor);
    case "change": {
      const asked = job.request as { filter: ArchiveFilter; change: ArchiveChange; reason: ArchiveReason };
      return changeRows(deps, { tenantId, userId }, mode, { id: job.id, ...asked }, cursor);
    }
    case "own-data":
      return ownDataRows(deps, { tenantId, userId }, cursor);
  }
}

/** @throws ForbiddenError when its asker may no longer do this, or the archive shows less than when it was asked for */
async function permittedMode({ database }: JobDeps, job: ArchiveJobRow): Promise<ArchiveMode> {
  const role = await selectActingRole(database, job.tenantId, job.userId);
  if (role === null) throw new ForbiddenError("Whoever asked for it may no longer sign in.");
  if (job.kind === "own-data") return "normal";
  if (!may({ role }, "archive.manage")) throw new ForbiddenError("Whoever asked for it no longer manages the archive.");
  const mode = await selectArchiveMode(database, job.tenantId);
  if (mode !== (job.request as { mode: ArchiveMode }).mode) {
    throw new ForbiddenError("How much the archive shows was changed meanwhile. Ask for it again.");
  }
  return mode;
}

function add(state: JobProgress, { cursor, conversations = 0, messages = 0, refused = [], total }: Portion): void {
  state.cursor = cursor;
  state.counts = {
    ...state.counts,
    ...(total !== undefined && { total }),
    conversations: (state.counts.conversations ?? 0) + conversations,
    messages: (state.counts.messages ?? 0) + messages,
    refused: (state.counts.refused ?? 0) + refused.length,
  };
  state.outcome = [...state.outcome, ...refused].slice(0, outcomesKept);
}

const auditNames = { export: "archive.export", change: "archive.bulk", "own-data": "privacy.export" } as const;

function auditOf(job: ArchiveJobRow, status: string, counts: JobProgress["counts"]) {
  return {
    tenantId: job.tenantId,
    actorId: job.userId,
    action: `${auditNames[job.kind]}.${status}`,
    subjectType: "job",
    subjectId: job.id,
    details: { ...counts },
  };
}
