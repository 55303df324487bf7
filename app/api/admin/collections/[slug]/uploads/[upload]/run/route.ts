import { startUploadRun } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../../../handle.ts";

/** Starts a run over the upload's files. */
export const POST = handle<{ slug: string; upload: string }>(async ({ deps, viewer, params }) => {
  return json(await startUploadRun(deps, viewer, params.slug, params.upload), 202);
});
