import { activateSpace } from "#lib/ingest-runs/index.ts";
import { handle } from "../../../../../../handle.ts";

export const POST = handle<{ slug: string; space: string }>(async ({ deps, viewer, params }) => {
  await activateSpace(deps, viewer, params.slug, Number(params.space));
  return new Response(null, { status: 204 });
});
