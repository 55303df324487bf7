import { labelConversation } from "#lib/conversations/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

/** Takes the place of all labels it has: `{ "labels": ["Ward 3"] }`. */
export const PUT = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  return json(await labelConversation(deps, viewer, params.id, await readJson(request)));
});
