import { postMessage } from "#lib/conversations/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

/** Returns at once; the answer is made whether or not the sender stays, and comes on the event stream. */
export const POST = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  return json(await postMessage(deps, viewer, params.id, await readJson(request)), 202);
});
