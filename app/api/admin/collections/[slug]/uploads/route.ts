import { createUpload } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../handle.ts";

export const POST = handle<{ slug: string }>(async ({ deps, viewer, params }) => {
  return json({ id: await createUpload(deps, viewer, params.slug) }, 201);
});
