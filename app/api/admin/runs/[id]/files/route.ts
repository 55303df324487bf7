import { listUploadedFiles } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../handle.ts";

/** What came of each file of the upload that the run reads. */
export const GET = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  return json(await listUploadedFiles(deps, viewer, params.id));
});
