import { setAsking } from "#lib/conversations/index.ts";
import { handle } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

/** Says whether a question is being written: `{ asking }`. */
export const POST = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  await setAsking(deps, viewer, params.id, await readJson(request));
  return new Response(null, { status: 204 });
});
