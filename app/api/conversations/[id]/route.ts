import {
  archiveConversation,
  deleteConversation,
  getConversation,
  renameConversation,
  retainConversation,
  unarchiveConversation,
} from "#lib/conversations/index.ts";
import { handle, json } from "../../handle.ts";
import { readJson } from "../../read-json.ts";

type Parameters = { id: string };

export const GET = handle<Parameters>(async ({ deps, viewer, params }) => {
  return json(await getConversation(deps, viewer, params.id));
});

export const PATCH = handle<Parameters>(async ({ request, deps, viewer, params }) => {
  const input = await readJson(request);
  const archived = typeof input === "object" && input !== null && "archived" in input ? input.archived : null;
  if (archived === true) await archiveConversation(deps, viewer, params.id);
  else if (archived === false) await unarchiveConversation(deps, viewer, params.id);
  else if (typeof input === "object" && input !== null && "retainUntil" in input)
    await retainConversation(deps, viewer, params.id, input);
  else await renameConversation(deps, viewer, params.id, input);
  return new Response(null, { status: 204 });
});

export const DELETE = handle<Parameters>(async ({ deps, viewer, params }) => {
  await deleteConversation(deps, viewer, params.id);
  return new Response(null, { status: 204 });
});
