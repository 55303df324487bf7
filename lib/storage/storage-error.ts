export type StorageErrorCode = "not_found" | "unavailable" | "denied" | "invalid_key" | "invalid_range" | "failed";

export type StorageErrorInput = {
  code: StorageErrorCode;
  /** Which backend failed, as an operator knows it: `disk:/data/objects`, `s3:bucket at http://host`, `redis:host:port`. */
  backend: string;
  operation: string;
  key?: string;
  reason?: string;
  cause?: unknown;
  /** Whole size of the object in bytes, with `invalid_range`: what the Content-Range of a 416 answer needs. */
  size?: number;
};

/** The one error a storage backend throws: names the backend, what was tried, on which key, and keeps the cause. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;
  readonly backend: string;
  readonly operation: string;
  readonly key: string | null;
  readonly size: number | null;

  constructor(input: StorageErrorInput) {
    const subject = input.key === undefined ? "" : ` "${input.key}"`;
    const reason = input.reason ?? reasonOf(input.cause);
    super(`${input.backend}: ${input.operation}${subject}: ${reason}`, { cause: input.cause });
    this.code = input.code;
    this.backend = input.backend;
    this.operation = input.operation;
    this.key = input.key ?? null;
    this.size = input.size ?? null;
  }
}

/** The message of whatever was thrown; the parts of an AggregateError, whose own message is empty. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.map(reasonOf).join("; ");
  if (cause instanceof Error) return cause.message || cause.name;
  return cause === undefined ? "unknown reason" : String(cause);
}
