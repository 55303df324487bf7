import { Readable } from "node:stream";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { decodeMetadata, encodeMetadata, parseContentRange, s3ErrorCode, s3Reason } from "./s3-translate.ts";
import {
  type ByteRange,
  type ObjectHead,
  type ObjectStore,
  probe,
  resolveRange,
  type S3Options,
  StorageError,
  validateKey,
  validateMetadata,
  validatePrefix,
} from "./types.ts";

const partBytes = 8 * 1024 * 1024;

/** Objects in a bucket of AWS S3 or any server that speaks its API, all keys below `prefix`. */
export async function openS3Store(bucket: string, prefix: string, options: S3Options = {}): Promise<ObjectStore> {
  const backend = `s3:${bucket} at ${options.endpoint ?? `AWS ${options.region ?? "us-east-1"}`}`;
  const client = new S3Client(clientConfig(options, options.endpoint));
  const publicEndpoint = options.publicEndpoint ?? options.endpoint;
  const signer = publicEndpoint === options.endpoint ? client : new S3Client(clientConfig(options, publicEndpoint));
  const base = prefix === "" ? "" : `${prefix.replace(/\/+$/, "")}/`;
  let bucketSeen = false;

  /** A 404 on a head carries no reason: a missing bucket must not pass for a missing object. */
  async function confirmBucket(): Promise<void> {
    if (bucketSeen) return;
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    bucketSeen = true;
  }

  async function wrap(operation: string, key: string | undefined, cause: unknown): Promise<StorageError> {
    if (cause instanceof StorageError) return cause;
    const subject = key === undefined ? {} : { key };
    const code = s3ErrorCode(cause);
    if (code === "not_found") {
      try {
        await confirmBucket();
      } catch (error) {
        const reason = `bucket "${bucket}": ${s3Reason(error)}`;
        const bucketCode = s3ErrorCode(error) === "not_found" ? "failed" : s3ErrorCode(error);
        return new StorageError({ code: bucketCode, backend, operation, ...subject, reason, cause: error });
      }
    }
    const reason = code === "not_found" ? "no such object" : s3Reason(cause);
    return new StorageError({ code, backend, operation, ...subject, reason, cause });
  }

  async function head(key: string, operation = "head"): Promise<ObjectHead> {
    validateKey(backend, operation, key);
    try {
      const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: base + key }));
      return headOf(found, found.ContentLength ?? 0);
    } catch (error) {
      throw await wrap(operation, key, error);
    }
  }

  async function unsatisfiable(key: string): Promise<StorageError> {
    const { size } = await head(key, "get");
    const reason = `the range lies outside its ${size} bytes`;
    return new StorageError({ code: "invalid_range", backend, operation: "get", key, reason, size });
  }

  return {
    name: backend,

    async put(key, body, { contentType, metadata = {} }) {
      validateKey(backend, "put", key);
      validateMetadata(backend, key, metadata);
      const input = { Bucket: bucket, Key: base + key, ContentType: contentType, Metadata: encodeMetadata(metadata) };
      try {
        if (body instanceof Uint8Array) {
          const { ETag = "" } = await client.send(
            new PutObjectCommand({ ...input, Body: body, ContentLength: body.byteLength }),
          );
          return { size: body.byteLength, etag: ETag };
        }
        let size = 0;
        const counted = Readable.from(
          (async function* () {
            for await (const part of body) {
              size += part.byteLength;
              yield part;
            }
          })(),
          { objectMode: false },
        );
        const upload = new Upload({ client, params: { ...input, Body: counted }, partSize: partBytes, queueSize: 2 });
        const { ETag = "" } = await upload.done();
        return { size, etag: ETag };
      } catch (error) {
        throw await wrap("put", key, error);
      }
    },

    async get(key, { range } = {}) {
      validateKey(backend, "get", key);
      // A range that no size can satisfy is not worth a request that some servers answer with the whole object.
      if (range && !resolveRange(range, Number.MAX_SAFE_INTEGER)) throw await unsatisfiable(key);
      try {
        const found = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: base + key, ...(range ? { Range: rangeHeader(range) } : {}) }),
        );
        const body = found.Body as Readable;
        if (!range) return { ...headOf(found, found.ContentLength ?? 0), body, range: null };
        const served = parseContentRange(found.ContentRange);
        if (!served) {
          body.destroy();
          if (found.ContentLength === 0) throw await unsatisfiable(key);
          const reason = "the server sent the whole object instead of the range";
          throw new StorageError({ code: "failed", backend, operation: "get", key, reason });
        }
        return { ...headOf(found, served.size), body, range: { start: served.start, end: served.end } };
      } catch (error) {
        throw s3ErrorCode(error) === "invalid_range" ? await unsatisfiable(key) : await wrap("get", key, error);
      }
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
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: base + key }));
      } catch (error) {
        const wrapped = await wrap("delete", key, error);
        if (wrapped.code !== "not_found") throw wrapped;
      }
    },

    async *list(wanted = "") {
      validatePrefix(backend, wanted);
      let token: string | undefined;
      do {
        const page = await client
          .send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: base + wanted,
              MaxKeys: options.listPageSize ?? 1000,
              ContinuationToken: token,
            }),
          )
          .catch(async (error: unknown) => {
            throw await wrap("list", wanted, error);
          });
        for (const { Key, Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
          if (Key !== undefined) yield { key: Key.slice(base.length), size: Size, lastModified: LastModified };
        token = page.NextContinuationToken;
        if (page.IsTruncated && !token) {
          const reason = "the listing is cut short and names no next page";
          throw new StorageError({ code: "failed", backend, operation: "list", key: wanted, reason });
        }
      } while (token);
    },

    async signedUrl(key, { expiresInSeconds, contentType, disposition }) {
      validateKey(backend, "signedUrl", key);
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: base + key,
        ResponseContentType: contentType,
        ResponseContentDisposition: disposition,
      });
      return getSignedUrl(signer, command, { expiresIn: expiresInSeconds }).catch(async (error: unknown) => {
        throw await wrap("signedUrl", key, error);
      });
    },

    async ensureBucket() {
      try {
        await confirmBucket();
      } catch (error) {
        if (s3ErrorCode(error) !== "not_found") throw await wrap("ensureBucket", undefined, error);
        await client.send(new CreateBucketCommand({ Bucket: bucket })).catch(async (cause: unknown) => {
          // Another process of the same start may have been first.
          if (!(cause instanceof Error && cause.name === "BucketAlreadyOwnedByYou"))
            throw await wrap("ensureBucket", undefined, cause);
        });
        bucketSeen = true;
      }
    },

    health: () =>
      probe(backend, async () => {
        await client.send(new HeadBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
          throw new Error(s3Reason(error), { cause: error });
        });
      }),

    async close() {
      client.destroy();
      if (signer !== client) signer.destroy();
    },
  };
}

function clientConfig(options: S3Options, endpoint: string | undefined): S3ClientConfig {
  const { accessKeyId, secretAccessKey } = options;
  return {
    region: options.region ?? "us-east-1",
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: options.requestTimeoutMilliseconds ?? 30_000,
      throwOnRequestTimeout: true,
    },
    // Servers other than AWS often know none of the newer checksums.
    ...(endpoint === undefined
      ? {}
      : { endpoint, requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED" }),
    ...(accessKeyId && secretAccessKey ? { credentials: { accessKeyId, secretAccessKey } } : {}),
  };
}

function rangeHeader(range: ByteRange): string {
  return "suffix" in range ? `bytes=-${range.suffix}` : `bytes=${range.start}-${range.end ?? ""}`;
}

function headOf(
  found: {
    ContentType?: string | undefined;
    Metadata?: Record<string, string> | undefined;
    ETag?: string | undefined;
    LastModified?: Date | undefined;
  },
  size: number,
): ObjectHead {
  return {
    size,
    contentType: found.ContentType ?? "application/octet-stream",
    metadata: decodeMetadata(found.Metadata ?? {}),
    etag: found.ETag ?? "",
    lastModified: found.LastModified ?? new Date(0),
  };
}
