import { listMessages, postMessage } from "#lib/conversations/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

/** Returns at once; the answer is made whether or not the sender stays, and comes on the event stream. */
export const POST = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  return json(await postMessage(deps, viewer, params.id, await readJson(request)), 202);
});

/** `?before=` or `?after=` a sequence id, `?limit=`; the last ones without. */
export const GET = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  return json(await listMessages(deps, viewer, params.id, query));
});
