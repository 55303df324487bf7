import { invite, listPeople } from "#lib/conversations/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

type Parameters = { id: string };

export const GET = handle<Parameters>(async ({ deps, viewer, params }) => {
  return json({ people: await listPeople(deps, viewer, params.id) });
});

/** Invites a colleague: `{ email | userId, role }`. */
export const POST = handle<Parameters>(async ({ request, deps, viewer, params }) => {
  return json({ people: await invite(deps, viewer, params.id, await readJson(request)) }, 201);
});
