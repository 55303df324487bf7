import { retryFailures } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../handle.ts";

/** Returns the new run that reads the failed inputs again. */
export const POST = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  return json(await retryFailures(deps, viewer, params.id), 202);
});
