import { selectFailures, selectFinishedInputs } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { type Actor, requireCurator } from "./actor.ts";
import { openRun } from "./find.ts";
import { uploadPrefix } from "./parse-request.ts";
import type { SourceRequest } from "./source-request.ts";
import type { UploadedFileView } from "./views.ts";

/** Files of one upload that are told of; more are taken in as well. */
const mostFiles = 1000;

/**
 * What has come of each uploaded file that a run reads; none for a run of another source.
 * A file is told of as soon as the run is through with it.
 * @throws NotFoundError
 */
export async function listUploadedFiles(
  deps: Pick<Deps, "database" | "objects">,
  actor: Actor,
  runId: string,
): Promise<UploadedFileView[]> {
  requireCurator(actor);
  const run = await openRun(deps, actor, runId);
  const request = run.request as Partial<SourceRequest & { kind: "objects" }>;
  const prefix = request.prefix ?? "";
  if (run.kind !== "ingest" || request.kind !== "objects" || !prefix.startsWith(uploadPrefix(run.collection)))
    return [];

  const counts = new Map((await selectFinishedInputs(deps.database, run.id)).map((one) => [one.input, one.counts]));
  const reasons = new Map<string, string[]>();
  const { failures } = await selectFailures(deps.database, run.id, { limit: mostFiles, offset: 0 }, false);
  for (const { file, reason } of failures) reasons.set(file, [...(reasons.get(file) ?? []), reason]);

  const hasEnded = ["complete", "failed", "cancelled"].includes(run.status);
  const files: UploadedFileView[] = [];
  for await (const { key, size } of deps.objects.list(prefix)) {
    if (files.length === mostFiles) break;
    const done = counts.get(key);
    const failed = done && reasons.get(key);
    // A run that retries reads again only what failed before.
    if (run.retryOf !== null && !done && hasEnded) continue;
    const name = key.slice(prefix.length);
    if (failed) files.push({ key, name, size, result: "failed", reason: failed.join(" ") });
    else files.push({ key, name, size, result: resultOf(done, hasEnded), reason: null });
  }
  return files;
}

function resultOf(
  done: { added: number; updated: number; unchanged: number } | undefined,
  hasEnded: boolean,
): UploadedFileView["result"] {
  if (!done) return hasEnded ? "unread" : "waiting";
  if (done.added > 0) return "added";
  return done.updated > 0 ? "updated" : "unchanged";
}
