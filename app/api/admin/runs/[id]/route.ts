import { getRun } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../handle.ts";

export const GET = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  return json(await getRun(deps, viewer, params.id));
});
