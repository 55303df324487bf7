import { getCollectionForAdmin } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../handle.ts";

export const GET = handle<{ slug: string }>(async ({ deps, viewer, params }) => {
  return json(await getCollectionForAdmin(deps, viewer, params.slug));
});
