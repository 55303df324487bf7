import { resolveFeedback } from "#lib/feedback/index.ts";
import { handle } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

/** `{ resolved }` */
export const PATCH = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  await resolveFeedback(deps, viewer, params.id, await readJson(request));
  return new Response(null, { status: 204 });
});
