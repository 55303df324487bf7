import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { type Header, extract as tarExtract } from "tar-stream";
import { type ArchiveLimits, damaged, type Extracted, extractTo, unsafe } from "./extract.ts";

/** A streamx stream: async iterable and resumable, but none of Node's. */
interface TarEntry extends AsyncIterable<Uint8Array> {
  header: Header;
  resume(): unknown;
}

/**
 * Takes the first file whose name fits out of a gzipped tar. Names that lead out of the archive, links that fit and
 * sizes past the limits are refused, whichever entry they are on. @returns null when no entry fits
 * @throws SourceError
 */
export async function extractFromTarball(
  path: string,
  archive: string,
  directory: string,
  fits: (name: string) => boolean,
  limits: ArchiveLimits & { totalBytes: number },
  signal: AbortSignal,
): Promise<(Extracted & { name: string }) | null> {
  const tar = tarExtract();
  const file = createReadStream(path);
  const gunzip = createGunzip();
  const fail = (error: Error) => tar.destroy(error);
  file.on("error", fail).pipe(gunzip).on("error", fail).pipe(tar);
  let entries = 0;
  let total = 0;
  try {
    for await (const entry of tar as AsyncIterable<TarEntry>) {
      const { name, type, size = 0 } = entry.header;
      entries += 1;
      total += size;
      if (entries > limits.entries) throw unsafe(archive, `it has more than ${limits.entries} entries`);
      if (total > limits.totalBytes) throw unsafe(archive, `it unpacks to more than ${limits.totalBytes} bytes`);
      if (isHostile(name)) throw unsafe(archive, `it names a file outside of itself, ${name.slice(0, 100)}`);
      if (!fits(name) || type === "directory") {
        entry.resume();
        continue;
      }
      if (type !== "file" && type !== "contiguous-file") throw unsafe(archive, `${name} is a ${type}, not a file`);
      const options = { limit: limits.entryBytes, signal };
      return { ...(await extractTo(directory, archive, name, entry, options)), name };
    }
    return null;
  } catch (error) {
    signal.throwIfAborted();
    throw damaged(archive, error);
  } finally {
    file.destroy();
    gunzip.destroy();
    tar.destroy();
  }
}

function isHostile(name: string): boolean {
  return /^[\\/]|^[a-z]:/i.test(name) || name.includes("\0") || name.split(/[\\/]/).includes("..");
}
