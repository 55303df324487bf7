import { type CollectionRow, findInterruptedRun, type IngestCounts, insertRun, requestCancel } from "#db/index.ts";
import type { SourceRequest } from "#lib/ingest-runs/index.ts";
import { executeRun } from "./run.ts";
import type { RunDeps, RunOptions } from "./types.ts";

export interface IngestOptions extends RunOptions {
  collection: Pick<CollectionRow, "id" | "slug">;
  request: SourceRequest;
  isSample?: boolean;
  dryRun?: boolean;
}

/**
 * Takes records into a collection in this process: a new run, or the same one again where it was cut off.
 * @throws Error with what ended the run before its end
 */
export async function ingest(deps: RunDeps, options: IngestOptions): Promise<IngestCounts> {
  const { collection, request, isSample = false, dryRun = false, ...rest } = options;
  const wanted = { collectionId: collection.id, request, isSample, dryRun };
  const interrupted = await findInterruptedRun(deps.database, wanted);
  const id = interrupted?.id ?? (await insertRun(deps.database, { ...wanted, trigger: "command" }));
  const run = await executeRun(deps, id, rest);
  if (!run) {
    if (!interrupted) await requestCancel(deps.database, "all", id); // nobody waits for it
    throw new Error(`Another run of the collection “${collection.slug}” is at work. Try again when it has ended.`);
  }
  if (run.status !== "complete") throw new Error(run.error ?? `The run was ${run.status}.`);
  const { read, added, updated, unchanged, deleted, failed, chunks, reused, marked } = run;
  return { read, added, updated, unchanged, deleted, failed, chunks, reused, marked };
}
