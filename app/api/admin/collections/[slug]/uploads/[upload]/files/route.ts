import type { Viewer } from "#lib/auth/index.ts";
import { InvalidInputError } from "#lib/errors.ts";
import { putUploadedFile } from "#lib/ingest-runs/index.ts";
import { type Call, handle, json } from "../../../../../../handle.ts";

/** The body is the file, `?name=` its name. It goes to the object store as it comes. */
export const PUT = handle<{ slug: string; upload: string }>(
  async ({ request, deps, viewer, params }) => {
    const name = new URL(request.url).searchParams.get("name");
    if (!name) throw new InvalidInputError("The file's name is missing.");
    const contentType = request.headers.get("content-type") || "application/octet-stream";
    const sent = request.body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
    return json(
      await putUploadedFile(deps, viewer, params.slug, params.upload, {
        name,
        contentType,
        body: counted(sent, deps, viewer),
      }),
      201,
    );
  },
  { limit: "upload" },
);

const megabyte = 1024 * 1024;

/** Counts what comes, megabyte by megabyte: a length that is said beforehand may be untrue. */
async function* counted(body: AsyncIterable<Uint8Array>, { limits }: Call<never>["deps"], viewer: Viewer) {
  let uncounted = 0;
  for await (const part of body) {
    uncounted += part.byteLength;
    const megabytes = Math.floor(uncounted / megabyte);
    if (megabytes > 0) await limits.take("uploadMegabytes", viewer.userId, megabytes);
    uncounted -= megabytes * megabyte;
    yield part;
  }
}
