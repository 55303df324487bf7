import { reasonOf, type StorageError } from "./types.ts";

/** Metadata travels in headers, which hold ASCII: everything else, and the percent sign itself, is percent-encoded. */
export function encodeMetadata(metadata: Record<string, string>): Record<string, string> {
  const encoded: Record<string, string> = {};
  for (const [name, value] of Object.entries(metadata))
    encoded[name] = value.replace(/^ +| +$|[^ -~]+|%/gu, encodeURIComponent);
  return encoded;
}

export function decodeMetadata(metadata: Record<string, string>): Record<string, string> {
  const decoded: Record<string, string> = {};
  for (const [name, value] of Object.entries(metadata)) decoded[name.toLowerCase()] = decodeValue(value);
  return decoded;
}

/** Values that other programs wrote may hold a bare percent sign: those are taken as they are. */
function decodeValue(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    if (error instanceof URIError) return value;
    throw error;
  }
}

/** `bytes 0-9/120`; null for anything else. */
export function parseContentRange(header: string | undefined): { start: number; end: number; size: number } | null {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header ?? "");
  return match ? { start: Number(match[1]), end: Number(match[2]), size: Number(match[3]) } : null;
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
}

/** Of what the SDK threw: its HTTP status where an answer came, else nothing was reached. */
export function s3ErrorCode(error: unknown): StorageError["code"] {
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : "";
  if (name === "NoSuchBucket") return "failed";
  if (status === 404 || name === "NoSuchKey" || name === "NotFound") return "not_found";
  if (status === 401 || status === 403 || name === "CredentialsProviderError") return "denied";
  if (status === 416) return "invalid_range";
  if (status === 429 || (status !== undefined && status >= 500)) return "unavailable";
  if (status === undefined && isConnectionFailure(error)) return "unavailable";
  return "failed";
}

function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isConnectionFailure);
  const code = "code" in error ? String(error.code) : "";
  return /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EPIPE|ETIMEDOUT)/.test(code) || error.name === "TimeoutError";
}

/** The SDK names many failures "UnknownError" when the answer has no body: then its status says more. */
export function s3Reason(error: unknown): string {
  const status = statusOf(error);
  const message = reasonOf(error);
  const name = error instanceof Error && error.name !== "Error" && error.name !== message ? `${error.name}: ` : "";
  if (status === 404 && /^(NotFound|UnknownError|Unknown)$/.test(message)) return "does not exist";
  return status === undefined ? `${name}${message}` : `${name}${message} (HTTP ${status})`;
}
