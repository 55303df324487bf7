import { dropSpace } from "#lib/ingest-runs/index.ts";
import { handle } from "../../../../../handle.ts";

export const DELETE = handle<{ slug: string; space: string }>(async ({ deps, viewer, params }) => {
  await dropSpace(deps, viewer, params.slug, Number(params.space));
  return new Response(null, { status: 204 });
});
