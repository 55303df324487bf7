import { listRuns } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../handle.ts";

/** `?collection=&status=&limit=&offset=`; `status` may be given more than once. */
export const GET = handle(async ({ request, deps, viewer }) => {
  const query = new URL(request.url).searchParams;
  const statuses = query.getAll("status");
  return json(
    await listRuns(deps, viewer, {
      collection: query.get("collection") ?? undefined,
      // What is none of the statuses is refused there, by name.
      statuses: statuses.length > 0 ? (statuses as never) : undefined,
      limit: query.get("limit") ?? undefined,
      offset: query.get("offset") ?? undefined,
    }),
  );
});
