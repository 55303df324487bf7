import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import type { ObjectHead } from "./types.ts";

/**
 * An object's file: its bytes, then a JSON trailer, the trailer's length (32 bits, big-endian), eight bytes of magic.
 * At the end, so that a stream of unknown length is written once; in the same file, so that bytes and metadata cannot
 * be of two different writers.
 */
const magic = Buffer.from("PROBOBJ1", "latin1");
const footerBytes = 4 + magic.length;

const trailerSchema = z.object({
  size: z.number().int().nonnegative(),
  contentType: z.string(),
  metadata: z.record(z.string(), z.string()),
  etag: z.string(),
});
type Trailer = z.infer<typeof trailerSchema>;

/** Appends to a file whose position stands behind the object's last byte. */
export async function writeTrailer(handle: FileHandle, trailer: Trailer): Promise<void> {
  const json = Buffer.from(JSON.stringify(trailer));
  const footer = Buffer.alloc(footerBytes);
  footer.writeUInt32BE(json.length);
  magic.copy(footer, 4);
  await handle.appendFile(Buffer.concat([json, footer]));
}

/** Throws when the file is not a whole object: cut short, grown, or foreign. */
export async function readTrailer(handle: FileHandle): Promise<ObjectHead> {
  const { size: fileSize, mtime } = await handle.stat();
  const footer = await readExactly(handle, fileSize - footerBytes, footerBytes);
  if (!footer.subarray(4).equals(magic)) throw new Error("not a file of the object store, or cut short");
  const jsonBytes = footer.readUInt32BE();
  const json = await readExactly(handle, fileSize - footerBytes - jsonBytes, jsonBytes);
  const trailer = trailerSchema.parse(JSON.parse(json.toString("utf8")));
  if (trailer.size + jsonBytes + footerBytes !== fileSize)
    throw new Error("the file's length is not that of its object");
  return { ...trailer, lastModified: mtime };
}

async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, length));
  if (position < 0) throw new Error("not a file of the object store, or cut short");
  let offset = 0;
  while (offset < length) {
    const { bytesRead } = await handle.read(buffer, offset, length - offset, position + offset);
    if (bytesRead === 0) throw new Error("the file ends before its object does");
    offset += bytesRead;
  }
  return buffer;
}
