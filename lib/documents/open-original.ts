import { Readable } from "node:stream";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError, UnavailableError } from "../errors.ts";
import { contentRange, parseRangeHeader } from "../storage/objects/index.ts";
import { StorageError } from "../storage/storage-error.ts";
import { findDocument } from "./get.ts";

export interface OriginalResponse {
  status: 200 | 206 | 416;
  headers: Record<string, string>;
  body: ReadableStream<Uint8Array> | null;
}

/**
 * The kept original of a document, whole or a byte range (RFC 9110, 14). Only the application reads the object store:
 * the bytes pass through it, so that who may read a document is decided in one place.
 * @throws NotFoundError when the viewer may not read the document, or no original was kept
 */
export async function openOriginal(
  deps: Pick<Deps, "database" | "objects">,
  viewer: Viewer,
  id: string,
  rangeHeader: string | null,
): Promise<OriginalResponse> {
  const document = await findDocument(deps, viewer, id);
  if (!document.objectKey || !document.originalType) throw new NotFoundError("The original");
  const headers = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-transform, max-age=120",
    "Content-Disposition": disposition(document.sourceId),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Type": document.originalType,
    "X-Content-Type-Options": "nosniff",
  };
  const range = parseRangeHeader(rangeHeader);
  try {
    const object = await deps.objects.get(document.objectKey, range ? { range } : {});
    const body = Readable.toWeb(object.body) as ReadableStream<Uint8Array>;
    if (!object.range) return { status: 200, headers: { ...headers, "Content-Length": String(object.size) }, body };
    const length = object.range.end - object.range.start + 1;
    return {
      status: 206,
      headers: {
        ...headers,
        "Content-Length": String(length),
        "Content-Range": contentRange(object.range, object.size),
      },
      body,
    };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.code === "invalid_range") {
      return { status: 416, headers: { "Content-Range": contentRange(null, error.size ?? 0) }, body: null };
    }
    if (error.code === "not_found") throw new NotFoundError("The original");
    throw new UnavailableError("The object store", error);
  }
}

// Always a download: our viewer reads a PDF's bytes itself, and nothing else is to be rendered under our name.
function disposition(sourceId: string): string {
  return `attachment; filename="${sourceId.replace(/[^\w.-]+/g, "_").slice(0, 80)}"`;
}
