import { openArchived } from "#lib/archive/index.ts";
import { handle, json } from "../../../../handle.ts";
import { readJson } from "../../../../read-json.ts";

export const POST = handle<{ id: string }>(async ({ request, deps, viewer, params }) =>
  json(await openArchived(deps, viewer, params.id, await readJson(request))),
);
