import { revokeLink } from "#lib/conversations/index.ts";
import { handle } from "../../../../handle.ts";

export const DELETE = handle<{ id: string; linkId: string }>(async ({ deps, viewer, params }) => {
  await revokeLink(deps, viewer, params.id, params.linkId);
  return new Response(null, { status: 204 });
});
