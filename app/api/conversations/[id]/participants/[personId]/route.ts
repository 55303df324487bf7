import { changeRole, removePerson } from "#lib/conversations/index.ts";
import { handle, json } from "../../../../handle.ts";
import { readJson } from "../../../../read-json.ts";

type Parameters = { id: string; personId: string };

/** Gives another role; `{ role: "owner" }` hands the conversation over. */
export const PATCH = handle<Parameters>(async ({ request, deps, viewer, params }) => {
  return json({ people: await changeRole(deps, viewer, params.id, params.personId, await readJson(request)) });
});

/** Removes somebody; one's own id leaves. */
export const DELETE = handle<Parameters>(async ({ deps, viewer, params }) => {
  await removePerson(deps, viewer, params.id, params.personId);
  return new Response(null, { status: 204 });
});
