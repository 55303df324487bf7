import { InvalidInputError } from "#lib/errors.ts";
import { putUploadedFile } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../../../handle.ts";

/** The body is the file, `?name=` its name. It goes to the object store as it comes. */
export const PUT = handle<{ slug: string; upload: string }>(async ({ request, deps, viewer, params }) => {
  const name = new URL(request.url).searchParams.get("name");
  if (!name) throw new InvalidInputError("The file's name is missing.");
  const contentType = request.headers.get("content-type") || "application/octet-stream";
  const body = request.body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  return json(await putUploadedFile(deps, viewer, params.slug, params.upload, { name, contentType, body }), 201);
});
