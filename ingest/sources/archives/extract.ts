import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { SourceError } from "../source-error.ts";

/** Bounds of what is taken out of an archive. */
export interface ArchiveLimits {
  /** Bytes of one entry once unpacked. */
  entryBytes: number;
  /** How many times larger an entry may be unpacked than packed; small entries are free to. */
  ratio: number;
  entries: number;
}

export const archiveLimits = { ratio: 200, entries: 250_000 };

export interface Extracted {
  path: string;
  size: number;
}

/**
 * Writes one entry's bytes to a file of the folder under a name of ours, never the archive's. @throws SourceError when
 * it is larger than the limit, damaged, or its checksum differs
 */
export async function extractTo(
  directory: string,
  archive: string,
  entry: string,
  content: AsyncIterable<Uint8Array>,
  options: { limit: number; crc?: number; signal: AbortSignal },
): Promise<Extracted> {
  const path = join(directory, `extracted-${randomUUID()}`);
  let size = 0;
  let crc = 0;
  try {
    await pipeline(
      content,
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          size += chunk.length;
          if (size > options.limit) throw unsafe(archive, `${entry} unpacks to more than ${options.limit} bytes`);
          crc = crc32(chunk, crc);
          yield chunk;
        }
      },
      createWriteStream(path, { flags: "wx" }),
      { signal: options.signal },
    );
    if (options.crc !== undefined && crc !== options.crc) {
      throw new SourceError("checksum", archive, `${entry} is damaged: its checksum differs`);
    }
    return { path, size: (await stat(path)).size };
  } catch (error) {
    await rm(path, { force: true });
    options.signal.throwIfAborted();
    throw damaged(archive, error);
  }
}

/** Any error of reading an archive as a SourceError; errors of this machine (a full disk) as they are. */
export function damaged(archive: string, error: unknown): unknown {
  if (error instanceof SourceError) return error;
  const { code = "", message = String(error) } = error as NodeJS.ErrnoException;
  if (/^E[A-Z]+$/.test(code)) return error;
  if (/relative path|absolute path|characters in fileName/.test(message)) {
    return unsafe(archive, `it names a file outside of itself: ${message}`);
  }
  return new SourceError("changed_form", archive, `it is no sound archive: ${message}`, { cause: error });
}

export function unsafe(archive: string, reason: string): SourceError {
  return new SourceError("unsafe_archive", archive, reason);
}
