import { StorageError } from "../storage-error.ts";

const maximumKeyBytes = 512;
const maximumSegmentBytes = 200;
const maximumMetadataBytes = 1536;

/**
 * The same keys are valid in every store: `/`-separated segments, none empty, `.` or `..`, no control characters or
 * backslashes, NFC, at most 512 bytes with segments of at most 200 (a file name once it is encoded).
 */
export function validateKey(backend: string, operation: string, key: string): void {
  const reason = keyFault(key);
  if (reason) throw new StorageError({ code: "invalid_key", backend, operation, key, reason });
}

/** A prefix is the beginning of valid keys and may end anywhere, also within a segment. */
export function validatePrefix(backend: string, prefix: string): void {
  if (prefix === "") return;
  const reason = prefix.endsWith("/") ? keyFault(prefix.slice(0, -1)) : keyFault(prefix, true);
  if (reason) throw new StorageError({ code: "invalid_key", backend, operation: "list", key: prefix, reason });
}

function keyFault(key: string, isPrefix = false): string | null {
  if (key === "") return "the key is empty";
  if (!key.isWellFormed() || key !== key.normalize("NFC")) return "the key is not well-formed Unicode in form NFC";
  if (Buffer.byteLength(key) > maximumKeyBytes) return `the key is longer than ${maximumKeyBytes} bytes`;
  if (/[\p{Cc}\\\u2028\u2029\ufffe\uffff]/u.test(key)) return "the key holds a control character or a backslash";
  const segments = key.split("/");
  for (const [index, segment] of segments.entries()) {
    if (segment === "") return "the key has an empty segment (a leading, trailing or double slash)";
    const mayContinue = isPrefix && index === segments.length - 1;
    if (!mayContinue && (segment === "." || segment === "..")) return "the key has a segment that is . or ..";
    if (Buffer.byteLength(encodeSegment(segment)) > maximumSegmentBytes)
      return `a segment of the key is longer than ${maximumSegmentBytes} bytes`;
  }
  return null;
}

export function validateMetadata(backend: string, key: string, metadata: Record<string, string>): void {
  const fail = (reason: string) =>
    new StorageError({ code: "failed", backend, operation: "put", key, reason: `metadata: ${reason}` });
  let bytes = 0;
  for (const [name, value] of Object.entries(metadata)) {
    if (!/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(name))
      throw fail(`the name "${name}" is not lower-case letters, digits and dashes`);
    if (!value.isWellFormed()) throw fail(`the value of "${name}" is not well-formed Unicode`);
    bytes += name.length + encodeURIComponent(value).length;
  }
  if (bytes > maximumMetadataBytes) throw fail(`${bytes} bytes once encoded, at most ${maximumMetadataBytes} are kept`);
}

/**
 * A segment as a file name on every file system: what Windows refuses, `%`, `@` (it marks files of the store) and
 * outer dots and spaces are percent-encoded.
 */
export function encodeSegment(segment: string): string {
  return segment.replace(
    /[<>:"|?*%@]|^[. ]|[. ]$/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
}

export function decodeSegment(name: string): string {
  return name.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
