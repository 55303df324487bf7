import { readJson } from "#app/api/read-json.ts";
import { changeIdentifierPolicy } from "#lib/identifiers/index.ts";
import { handle, json } from "../../handle.ts";

/** `{ policy }`: what the tenant does with patient identifiers. */
export const PUT = handle(async ({ request, deps, viewer }) =>
  json(await changeIdentifierPolicy(deps, viewer, await readJson(request))),
);
