import { createPrivateCollection, listCollectionsForAdmin } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../handle.ts";
import { readJson } from "../../read-json.ts";

export const GET = handle(async ({ deps, viewer }) => json(await listCollectionsForAdmin(deps, viewer)));

/** Makes a collection of the tenant's own: `{ title, description?, sourceType }`. */
export const POST = handle(async ({ request, deps, viewer }) =>
  json(await createPrivateCollection(deps, viewer, await readJson(request)), 201),
);
