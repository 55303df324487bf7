import { type Entry, openPromise, type ZipFile } from "yauzl";
import { type ArchiveLimits, damaged, type Extracted, extractTo, unsafe } from "./extract.ts";

export interface ZipEntry {
  name: string;
  packedSize: number;
  size: number;
  crc: number;
  /** Unpacks it to a file of the folder. @throws SourceError past the limits or when it is damaged */
  extract(): Promise<Extracted>;
}

/** Entries below this may be packed as tightly as they like. */
const ratioFloor = 1024 * 1024;

/**
 * The files of a zip, in its own order. Names that lead out of the archive, encryption and sizes past the limits are
 * refused. @throws SourceError `unsafe_archive` or `changed_form`
 */
export async function* zipEntries(
  path: string,
  archive: string,
  directory: string,
  limits: ArchiveLimits,
  signal: AbortSignal,
): AsyncGenerator<ZipEntry> {
  let zip: ZipFile | null = null;
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: false });
    if (zip.entryCount > limits.entries) throw unsafe(archive, `it has more than ${limits.entries} entries`);
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      if (entry.fileName.endsWith("/")) continue;
      yield zipEntry(zip, entry, archive, directory, limits, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw damaged(archive, error);
  } finally {
    zip?.close();
  }
}

function zipEntry(
  zip: ZipFile,
  entry: Entry,
  archive: string,
  directory: string,
  limits: ArchiveLimits,
  signal: AbortSignal,
): ZipEntry {
  const { fileName: name, compressedSize: packedSize, uncompressedSize: size, crc32: crc } = entry;
  const extract = async () => {
    if (entry.isEncrypted()) throw unsafe(archive, `${name} is encrypted`);
    if (size > limits.entryBytes) throw unsafe(archive, `${name} unpacks to ${size} bytes`);
    if (size > ratioFloor && size > packedSize * limits.ratio) {
      throw unsafe(archive, `${name} unpacks to more than ${limits.ratio} times its size`);
    }
    try {
      const content = await zip.openReadStreamPromise(entry);
      return await extractTo(directory, archive, name, content, { limit: limits.entryBytes, crc, signal });
    } catch (error) {
      throw damaged(archive, error);
    }
  };
  return { name, packedSize, size, crc, extract };
}
