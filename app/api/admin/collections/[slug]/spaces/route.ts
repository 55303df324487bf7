import { type ReembedRequest, startReembed } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../handle.ts";
import { readJson } from "../../../../read-json.ts";

/** Takes the settings of an embedding. Returns at once with the run that fills the new space. */
export const POST = handle<{ slug: string }>(async ({ request, deps, viewer, params }) => {
  return json(await startReembed(deps, viewer, params.slug, (await readJson(request)) as ReembedRequest), 202);
});
