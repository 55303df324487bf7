import { eraseMe } from "#lib/privacy/index.ts";
import { handle, json } from "../../handle.ts";
import { readJson } from "../../read-json.ts";

export const POST = handle(async ({ request, deps, viewer }) =>
  json(await eraseMe(deps, viewer, await readJson(request))),
);
