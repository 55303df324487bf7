import { exportAudit } from "#lib/audit/index.ts";
import { handle } from "../../../handle.ts";
import { streamOf } from "../../../stream-of.ts";
import { readFilter } from "../read-filter.ts";

/** What the filters leave, as lines of JSON, the first first. */
export const GET = handle(async ({ request, deps, viewer }) => {
  const lines = await exportAudit(deps, viewer, readFilter(new URL(request.url)));
  return new Response(streamOf(lines), {
    headers: {
      "Content-Type": "application/jsonl; charset=utf-8",
      "Content-Disposition": 'attachment; filename="audit-log.jsonl"',
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "private, no-store",
    },
  });
});
