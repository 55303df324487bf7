import { rollbackSpace } from "#lib/ingest-runs/index.ts";
import { handle } from "../../../../../handle.ts";

export const POST = handle<{ slug: string }>(async ({ deps, viewer, params }) => {
  await rollbackSpace(deps, viewer, params.slug);
  return new Response(null, { status: 204 });
});
