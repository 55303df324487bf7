import { createLink, listLinks } from "#lib/conversations/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

type Parameters = { id: string };

export const GET = handle<Parameters>(async ({ deps, viewer, params }) => {
  return json({ links: await listLinks(deps, viewer, params.id) });
});

/** Makes a link: `{ role, days }`. Its path is in this answer and nowhere later. */
export const POST = handle<Parameters>(async ({ request, deps, viewer, params }) => {
  return json(await createLink(deps, viewer, params.id, await readJson(request)), 201);
});
