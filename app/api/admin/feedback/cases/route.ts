import { exportFeedbackCases } from "#lib/feedback/index.ts";
import { handle } from "../../../handle.ts";
import { readFilter } from "../read-filter.ts";

/** The feedback that the filters leave, as a file for `npm run eval:answers -- --cases`. */
export const GET = handle(
  async ({ request, deps, viewer }) => {
    const lines = exportFeedbackCases(deps, viewer, readFilter(new URL(request.url)));
    return new Response(streamOf(lines), {
      headers: {
        "Content-Type": "application/jsonl; charset=utf-8",
        "Content-Disposition": 'attachment; filename="feedback-cases.jsonl"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
      },
    });
  },
  { limit: "export" },
);

// A failure half-way breaks the download off: a shorter file must not pass for the whole.
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await lines.return(undefined);
    },
  });
}
