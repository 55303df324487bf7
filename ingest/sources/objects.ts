import { createGunzip } from "node:zlib";
import type { ObjectStore } from "#lib/storage/objects/index.ts";
import { formatOf } from "../parse/index.ts";
import { RecordError } from "../parse/record-error.ts";
import type { ReadSource } from "./registry-types.ts";

/** Every object below a prefix whose name is of the source's formats; an input's key is the object's. */
export const read: ReadSource<"objects"> = async function* (request, context) {
  const { sourceType, isSample, objects, signal } = context;
  for await (const { key, size } of objects.list(request.prefix)) {
    signal.throwIfAborted();
    if (!formatOf(sourceType, key)) context.onSkipped(key);
    else yield { key, file: key, size, isSample, open: () => readObject(objects, key) };
  }
};

/** Gunzipped where the name says so. A damaged gzip is the record's fault; the store's errors are thrown as they are. */
async function* readObject(objects: ObjectStore, key: string): AsyncGenerator<Uint8Array> {
  const { body } = await objects.get(key);
  if (!key.toLowerCase().endsWith(".gz")) {
    yield* body as AsyncIterable<Uint8Array>;
    return;
  }
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  body.on("error", (error) => gunzip.destroy(error));
  body.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (!code.startsWith("Z_")) throw cause;
    const reason =
      code === "Z_BUF_ERROR" ? "is a gzip file that is cut short" : `is not a sound gzip file (${message})`;
    throw new RecordError("unreadable", `${key} ${reason}`, { cause });
  } finally {
    body.destroy();
    gunzip.destroy();
  }
}
