import { signOriginal } from "#lib/documents/index.ts";
import { handle } from "../../../handle.ts";

/** Leads whoever may read the document to a signed address of its original, where cookies count for nothing. */
export const GET = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  const location = await signOriginal(deps, viewer, params.id);
  return new Response(null, { status: 303, headers: { Location: location, "Cache-Control": "private, no-store" } });
});
