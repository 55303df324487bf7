import {
  archiveConversation,
  deleteConversation,
  getConversation,
  renameConversation,
} from "#lib/conversations/index.ts";
import { handle, json } from "../../handle.ts";
import { readJson } from "../../read-json.ts";

type Parameters = { id: string };

export const GET = handle<Parameters>(async ({ deps, viewer, params }) => {
  return json(await getConversation(deps, viewer, params.id));
});

export const PATCH = handle<Parameters>(async ({ request, deps, viewer, params }) => {
  const input = await readJson(request);
  const archives = typeof input === "object" && input !== null && "archived" in input && input.archived === true;
  if (archives) await archiveConversation(deps, viewer, params.id);
  else await renameConversation(deps, viewer, params.id, input);
  return new Response(null, { status: 204 });
});

export const DELETE = handle<Parameters>(async ({ deps, viewer, params }) => {
  await deleteConversation(deps, viewer, params.id);
  return new Response(null, { status: 204 });
});
