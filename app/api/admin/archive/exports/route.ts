import { requestExport } from "#lib/archive/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

export const POST = handle(async ({ request, deps, viewer }) =>
  json(await requestExport(deps, viewer, await readJson(request)), 202),
);
