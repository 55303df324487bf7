import { downloadJob } from "#lib/archive/index.ts";
import { handle } from "./handle.ts";
import { streamOf } from "./stream-of.ts";

/** The file that a job of the caller's made, part by part; the verb says whose it is. */
export const getJobFile = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  const { fileName, mediaType, bytes, body } = await downloadJob(deps, viewer, params.id);
  return new Response(streamOf(body), {
    headers: {
      "Content-Type": mediaType,
      "Content-Length": String(bytes),
      "Content-Disposition": `attachment; filename="${fileName}"`,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "private, no-store",
    },
  });
});
