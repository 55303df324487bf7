import { regenerateAnswer } from "#lib/conversations/index.ts";
import { handle, json } from "../../../../../handle.ts";

export const POST = handle<{ id: string; messageId: string }>(async ({ deps, viewer, params }) => {
  return json(await regenerateAnswer(deps, viewer, params.id, params.messageId), 202);
});
