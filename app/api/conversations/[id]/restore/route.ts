import { restoreConversation } from "#lib/conversations/index.ts";
import { handle } from "../../../handle.ts";

export const POST = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  await restoreConversation(deps, viewer, params.id);
  return new Response(null, { status: 204 });
});
