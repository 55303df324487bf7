import type { Readable } from "node:stream";
import type { BackendHealth } from "../backend.ts";

export type { BackendHealth } from "../backend.ts";
export { probe } from "../backend.ts";
export { reasonOf, StorageError } from "../storage-error.ts";
export { validateKey, validateMetadata, validatePrefix } from "./keys.ts";
export { type ByteRange, type ResolvedRange, resolveRange } from "./ranges.ts";

import type { ByteRange, ResolvedRange } from "./ranges.ts";

/** Whole bytes, or a stream of them (a Node Readable is one); a stream is never held in memory as a whole. */
export type ObjectBody = Uint8Array | AsyncIterable<Uint8Array>;

export type PutOptions = {
  contentType: string;
  /** Names in lower case (letters, digits, dashes), values any text; 1,536 bytes in all once encoded. */
  metadata?: Record<string, string>;
};

export type ObjectHead = {
  /** Bytes of the whole object. */
  size: number;
  contentType: string;
  metadata: Record<string, string>;
  /** Quoted, as it goes into an HTTP header; opaque and not comparable between stores. */
  etag: string;
  lastModified: Date;
};

export type StoredObject = ObjectHead & {
  /** Must be read to its end or destroyed. */
  body: Readable;
  /** The bytes the body holds when a range was asked for, both ends inclusive; null for the whole object. */
  range: ResolvedRange | null;
};

export type ObjectEntry = { key: string; size: number; lastModified: Date };

export type SignedUrlOptions = { expiresInSeconds: number; contentType?: string; disposition?: string };

/**
 * Named bytes with a media type and metadata. All methods throw `StorageError`: `not_found` for a key that holds
 * nothing, `invalid_key`, `invalid_range`, `denied`, `unavailable`, or `failed`.
 */
export type ObjectStore = {
  readonly name: string;
  /** Replaces what the key held, in one step: a reader sees the old object or the new one, never a mixture. */
  put(key: string, body: ObjectBody, options: PutOptions): Promise<{ size: number; etag: string }>;
  get(key: string, options?: { range?: ByteRange }): Promise<StoredObject>;
  head(key: string): Promise<ObjectHead>;
  exists(key: string): Promise<boolean>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
  /** Every object whose key begins with the prefix, over all pages, in byte order of the keys; or it throws. */
  list(prefix?: string): AsyncIterable<ObjectEntry>;
  /** An address that gives the object to whoever holds it until it expires; null where the store has none. */
  signedUrl(key: string, options: SignedUrlOptions): Promise<string | null>;
  /** Creates the place the objects live in, if it is missing. Nothing else creates it. */
  ensureBucket(): Promise<void>;
  health(): Promise<BackendHealth>;
  close(): Promise<void>;
};

export type S3Options = {
  /** Address of an S3-compatible server; absent for AWS itself. */
  endpoint?: string | undefined;
  /** The same server as browsers reach it, for signed addresses; default `endpoint`. */
  publicEndpoint?: string | undefined;
  region?: string | undefined;
  /** Absent both: the SDK's own chain (instance role, profile). */
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  /** Default true when an endpoint is set. */
  forcePathStyle?: boolean | undefined;
  /** Keys asked for in one page of a listing; default 1000. */
  listPageSize?: number | undefined;
  /** Time limit of one request, default 30,000. */
  requestTimeoutMilliseconds?: number | undefined;
};

export type ObjectStoreOptions = { s3?: S3Options | undefined };
