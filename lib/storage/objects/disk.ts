import { createHash, randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { access, constants, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import { readTrailer, writeTrailer } from "./disk-file.ts";
import { decodeSegment, encodeSegment } from "./keys.ts";
import {
  type ObjectBody,
  type ObjectEntry,
  type ObjectStore,
  probe,
  reasonOf,
  resolveRange,
  StorageError,
  validateKey,
  validateMetadata,
  validatePrefix,
} from "./types.ts";

const objectSuffix = "@object";
const incomingFolder = ".incoming";
const abandonedAfterMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Objects as files under one folder, a key's segments as folders. An object is one file, its media type and metadata
 * behind its bytes (disk-file.ts), so that one rename swaps everything a reader sees.
 */
export async function openDiskStore(folder: string): Promise<ObjectStore> {
  const root = resolve(folder);
  const backend = `disk:${root}`;
  const incoming = join(root, incomingFolder);

  const pathOf = (key: string) => `${join(root, ...key.split("/").map(encodeSegment))}${objectSuffix}`;

  const wrap = (operation: string, key: string | undefined, cause: unknown): StorageError => {
    if (cause instanceof StorageError) return cause;
    const code = errorCodeOf(cause);
    const subject = key === undefined ? {} : { key };
    return new StorageError({ code, backend, operation, ...subject, cause });
  };

  async function openObject(operation: string, key: string) {
    validateKey(backend, operation, key);
    let handle: FileHandle | undefined;
    try {
      handle = await open(pathOf(key), "r");
      return { handle, ...(await readTrailer(handle)) };
    } catch (error) {
      await handle?.close();
      if (isMissing(error))
        throw new StorageError({ code: "not_found", backend, operation, key, reason: "no such object", cause: error });
      throw wrap(operation, key, error);
    }
  }

  async function head(key: string, operation = "head") {
    const { handle, ...found } = await openObject(operation, key);
    await handle.close();
    return found;
  }

  async function writeIncoming(path: string, body: ObjectBody, contentType: string, metadata: Record<string, string>) {
    const handle = await open(path, "wx");
    try {
      const hash = createHash("sha256");
      let size = 0;
      for await (const part of body instanceof Uint8Array ? [body] : body) {
        hash.update(part);
        await writeAll(handle, part);
        size += part.byteLength;
      }
      const etag = `"${hash.digest("hex")}"`;
      await writeTrailer(handle, { size, contentType, metadata, etag });
      await handle.sync();
      return { size, etag };
    } finally {
      await handle.close();
    }
  }

  const store: ObjectStore = {
    name: backend,

    async put(key, body, { contentType, metadata = {} }) {
      validateKey(backend, "put", key);
      validateMetadata(backend, key, metadata);
      const path = pathOf(key);
      const temporary = join(incoming, randomUUID());
      try {
        const written = await writeIncoming(temporary, body, contentType, metadata);
        const firstCreated = await mkdir(dirname(path), { recursive: true });
        await rename(temporary, path);
        await syncFolders(dirname(path), firstCreated === undefined ? dirname(path) : dirname(firstCreated));
        return written;
      } catch (error) {
        await rm(temporary, { force: true });
        throw wrap("put", key, error);
      }
    },

    async get(key, { range } = {}) {
      const { handle, ...found } = await openObject("get", key);
      const resolved = range ? resolveRange(range, found.size) : null;
      if (range && !resolved) {
        await handle.close();
        const reason = `the range lies outside its ${found.size} bytes`;
        throw new StorageError({ code: "invalid_range", backend, operation: "get", key, reason, size: found.size });
      }
      const { start, end } = resolved ?? { start: 0, end: found.size - 1 };
      if (end < start) {
        await handle.close();
        return { ...found, body: Readable.from([]), range: null };
      }
      return { ...found, body: handle.createReadStream({ start, end }), range: resolved };
    },

    head: (key) => head(key),

    async exists(key) {
      try {
        await head(key, "exists");
        return true;
      } catch (error) {
        if (error instanceof StorageError && error.code === "not_found") return false;
        throw error;
      }
    },

    async delete(key) {
      validateKey(backend, "delete", key);
      try {
        await rm(pathOf(key));
        await syncFolders(dirname(pathOf(key)), dirname(pathOf(key)));
      } catch (error) {
        if (!isMissing(error)) throw wrap("delete", key, error);
      }
    },

    async *list(prefix = "") {
      validatePrefix(backend, prefix);
      try {
        yield* walk(root, "", prefix);
      } catch (error) {
        throw wrap("list", prefix, error);
      }
    },

    async signedUrl() {
      return null;
    },

    async ensureBucket() {
      try {
        await mkdir(incoming, { recursive: true });
        await removeAbandoned(incoming);
      } catch (error) {
        throw wrap("ensureBucket", undefined, error);
      }
    },

    health: () => probe(backend, () => access(incoming, constants.R_OK | constants.W_OK)),

    async close() {},
  };
  return store;
}

/** Walks in byte order of the keys: a folder sorts as its name with the slash that follows it in every key. */
async function* walk(folder: string, keyPrefix: string, wanted: string): AsyncIterable<ObjectEntry> {
  const children: { key: string; path: string; order: Buffer; isFolder: boolean }[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (keyPrefix === "" && entry.name === incomingFolder) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const key = `${keyPrefix}${decodeSegment(entry.name)}/`;
      if (key.startsWith(wanted) || wanted.startsWith(key))
        children.push({ key, path, order: Buffer.from(key), isFolder: true });
    } else if (entry.name.endsWith(objectSuffix)) {
      const key = `${keyPrefix}${decodeSegment(entry.name.slice(0, -objectSuffix.length))}`;
      if (key.startsWith(wanted)) children.push({ key, path, order: Buffer.from(key), isFolder: false });
    }
  }
  children.sort((left, right) => Buffer.compare(left.order, right.order));
  for (const child of children) {
    if (child.isFolder) yield* walk(child.path, child.key, wanted);
    else {
      const entry = await entryOf(child.key, child.path);
      if (entry) yield entry;
    }
  }
}

async function entryOf(key: string, path: string): Promise<ObjectEntry | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (error) {
    // Deleted between the reading of the folder and now: it is no longer part of the listing.
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const { size, lastModified } = await readTrailer(handle);
    return { key, size, lastModified };
  } catch (error) {
    throw new Error(`${path}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, part: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < part.byteLength) offset += (await handle.write(part, offset)).bytesWritten;
}

/** A rename is durable once its folder is; folders made on the way are entries of their parents, up to `last`. */
async function syncFolders(first: string, last: string): Promise<void> {
  if (process.platform === "win32") return;
  for (let folder = first; ; folder = dirname(folder)) {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
    if (folder === last || !folder.startsWith(last + sep)) return;
  }
}

/** What a killed process left half written; nobody can reach it. */
async function removeAbandoned(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await stat(path).catch((error: unknown) => (isMissing(error) ? null : Promise.reject(error)));
    if (found && Date.now() - found.mtimeMs > abandonedAfterMilliseconds) await rm(path, { force: true });
  }
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** ENOTDIR: a segment of the key is a foreign file, so the key holds nothing. */
function isMissing(error: unknown): boolean {
  const code = systemCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

function errorCodeOf(error: unknown): "denied" | "unavailable" | "failed" {
  const code = systemCode(error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "denied";
  return code === "ENOSPC" || code === "EMFILE" || code === "EIO" || code === "ENOENT" ? "unavailable" : "failed";
}
