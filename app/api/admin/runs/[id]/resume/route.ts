import { resumeRun } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../handle.ts";

export const POST = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  return json(await resumeRun(deps, viewer, params.id));
});
