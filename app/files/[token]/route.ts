import { getDeps } from "#lib/deps.ts";
import { openSignedOriginal } from "#lib/documents/index.ts";
import { toResponse } from "#lib/errors.ts";

export const dynamic = "force-dynamic";

/**
 * The kept original of a document, whole or by byte range (RFC 9110, section 14), for the person and the minutes its
 * address was signed for. No cookie is read. What a document's author wrote must not run as a page of ours, whatever its
 * media type says: it is a download in a sandbox.
 */
export async function GET(request: Request, context: { params: Promise<{ token: string }> }): Promise<Response> {
  try {
    const { token } = await context.params;
    const original = await openSignedOriginal(await getDeps(), token, request.headers.get("range"));
    const headers = new Headers(original.headers);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    if (!headers.has("Content-Disposition")) headers.set("Content-Disposition", "attachment");
    return new Response(original.body, { status: original.status, headers });
  } catch (error) {
    return toResponse(error);
  }
}
