import { stopAnswer } from "#lib/conversations/index.ts";
import { handle } from "../../../../../handle.ts";

export const POST = handle<{ id: string; messageId: string }>(async ({ deps, viewer, params }) => {
  await stopAnswer(deps, viewer, params.id, params.messageId);
  return new Response(null, { status: 202 });
});
