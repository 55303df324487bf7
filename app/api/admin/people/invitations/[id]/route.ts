import { resendInvitation, revokeInvitation } from "#lib/people/index.ts";
import { handle, json } from "../../../../handle.ts";

/** Sends it anew, with a new link, which is in the answer this once. */
export const POST = handle<{ id: string }>(async ({ deps, viewer, params }) =>
  json(await resendInvitation(deps, viewer, params.id)),
);

export const DELETE = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  await revokeInvitation(deps, viewer, params.id);
  return new Response(null, { status: 204 });
});
