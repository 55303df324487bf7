import { openOriginal } from "#lib/documents/index.ts";
import { handle } from "../../../handle.ts";

/** The kept original, whole or by byte range (RFC 9110, section 14). */
export const GET = handle<{ id: string }>(async ({ request, deps, viewer, params }) => {
  const original = await openOriginal(deps, viewer, params.id, request.headers.get("range"));
  const headers = new Headers(original.headers);
  headers.set("X-Content-Type-Options", "nosniff");
  // What a document's author wrote must not run as a page of ours, whatever its media type says.
  headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  if (!headers.has("Content-Disposition")) headers.set("Content-Disposition", "attachment");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "private, no-transform");
  return new Response(original.body, { status: original.status, headers });
});
