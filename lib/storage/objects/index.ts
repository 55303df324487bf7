import { fileURLToPath } from "node:url";
import { StorageError } from "../storage-error.ts";
import type { ObjectStore, ObjectStoreOptions } from "./types.ts";

export { contentRange, parseRangeHeader } from "./ranges.ts";
export type {
  ByteRange,
  ObjectBody,
  ObjectEntry,
  ObjectHead,
  ObjectStore,
  ObjectStoreOptions,
  PutOptions,
  ResolvedRange,
  S3Options,
  SignedUrlOptions,
  StoredObject,
} from "./types.ts";

/** Every provider by the scheme of its address; a provider's SDK is loaded only when it is asked for. */
export const objectStoreProviders = {
  file: async (address: string) => {
    const { openDiskStore } = await import("./disk.ts");
    return openDiskStore(address.startsWith("file:") ? fileURLToPath(address) : address);
  },
  s3: async (address: string, options: ObjectStoreOptions) => {
    const { openS3Store } = await import("./s3.ts");
    const { hostname, pathname } = new URL(address);
    if (hostname === "") throw new TypeError("it names no bucket");
    return openS3Store(hostname, decodeURIComponent(pathname).replace(/^\/+/, ""), options.s3);
  },
} as const satisfies Record<string, (address: string, options: ObjectStoreOptions) => Promise<ObjectStore>>;

export type ObjectStoreScheme = keyof typeof objectStoreProviders;

/**
 * Opens the store an address names: `s3://bucket/prefix`, `file:///folder`, or a folder's path. It connects to nothing
 * and creates nothing; `ensureBucket` does.
 */
export async function openObjectStore(address: string, options: ObjectStoreOptions = {}): Promise<ObjectStore> {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase() ?? "file";
  const invalid = (reason: string, cause?: unknown) =>
    new StorageError({ code: "failed", backend: "objects", operation: "open", key: address, reason, cause });
  if (address === "") throw invalid("the address is empty");
  if (!isScheme(scheme))
    throw invalid(`unknown kind of store; expected a path or one of ${Object.keys(objectStoreProviders).join(", ")}`);
  try {
    return await objectStoreProviders[scheme](address, options);
  } catch (error) {
    throw invalid(`not a usable address: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function isScheme(scheme: string): scheme is ObjectStoreScheme {
  return Object.hasOwn(objectStoreProviders, scheme);
}
