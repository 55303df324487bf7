import { exportConversation } from "#lib/exports/index.ts";
import { handle } from "../../../handle.ts";

/** The conversation as a file, `?format=pdf|docx|markdown|text|json|ris|bibtex|csl`; with `&answer=<id>` that answer alone. */
export const GET = handle<{ id: string }>(
  async ({ request, deps, viewer, params }) => {
    const { searchParams } = new URL(request.url);
    const { bytes, mediaType, fileName } = await exportConversation(deps, viewer, params.id, {
      format: searchParams.get("format") ?? "",
      messageId: searchParams.get("answer") ?? undefined,
    });
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: {
        "Content-Type": mediaType,
        "Content-Disposition": `attachment; filename="${fileName}"`,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
      },
    });
  },
  { limit: "export" },
);
