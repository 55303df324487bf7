import { listFailures } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../handle.ts";

/** `?unresolved=true&limit=&offset=` */
export const GET = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  const query = new URL(request.url).searchParams;
  return json(
    await listFailures(deps, viewer, params.id, {
      unresolved: query.get("unresolved") === "true",
      limit: query.get("limit") ?? undefined,
      offset: query.get("offset") ?? undefined,
    }),
  );
});
