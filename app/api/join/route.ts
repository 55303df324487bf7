import { join } from "#lib/conversations/index.ts";
import { handle, json } from "../handle.ts";
import { readJson } from "../read-json.ts";

/** Joins by a link: `{ secret }`, which is no part of the address, so that no log keeps it. */
export const POST = handle(async ({ request, deps, viewer }) => {
  return json(await join(deps, viewer, await readJson(request)));
});
