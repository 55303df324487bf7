import { startRun } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../handle.ts";
import { readObject } from "../../../../read-json.ts";

/** Takes `request`, a source, and `dryRun`. Returns at once; a worker takes the run up. */
export const POST = handle<{ slug: string }>(async ({ request, deps, viewer, params }) => {
  const input = await readObject(request);
  return json(await startRun(deps, viewer, params.slug, input.request, { dryRun: input.dryRun === true }), 202);
});
