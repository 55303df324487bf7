import { pinConversation, unpinConversation } from "#lib/conversations/index.ts";
import { handle, json } from "../../../handle.ts";

export const PUT = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  return json(await pinConversation(deps, viewer, params.id));
});

export const DELETE = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  return json(await unpinConversation(deps, viewer, params.id));
});
