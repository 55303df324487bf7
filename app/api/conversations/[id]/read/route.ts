import { markRead } from "#lib/conversations/index.ts";
import { handle } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

/** Says up to which message its reader has read: `{ sequenceId }`. */
export const POST = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  await markRead(deps, viewer, params.id, await readJson(request));
  return new Response(null, { status: 204 });
});
