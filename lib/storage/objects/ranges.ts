/**
 * Byte ranges of RFC 9110, section 14: positions count from 0, `end` is inclusive and may lie past the object's end;
 * `suffix` is a number of last bytes.
 */
export type ByteRange = { start: number; end?: number | undefined } | { suffix: number };

export type ResolvedRange = { start: number; end: number };

/** The bytes a range means in an object of that size; null when it is unsatisfiable (HTTP 416). */
export function resolveRange(range: ByteRange, size: number): ResolvedRange | null {
  if ("suffix" in range) {
    if (!isPosition(range.suffix) || range.suffix === 0 || size === 0) return null;
    return { start: Math.max(0, size - range.suffix), end: size - 1 };
  }
  const end = range.end ?? size - 1;
  if (!isPosition(range.start) || range.start >= size || !Number.isInteger(end) || end < range.start) return null;
  return { start: range.start, end: Math.min(end, size - 1) };
}

function isPosition(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/**
 * A `Range` request header as one range; null when it must be ignored and the whole object sent, as RFC 9110 14.2 says
 * for another unit, a malformed value, or (our choice, which it allows) several ranges at once.
 */
export function parseRangeHeader(header: string | null | undefined): ByteRange | null {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header?.trim() ?? "");
  if (!match) return null;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return null;
  if (first === "") return { suffix: clamp(last) };
  if (last === "") return { start: clamp(first) };
  const range = { start: clamp(first), end: clamp(last) };
  return range.end < range.start ? null : range;
}

function clamp(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/** The `Content-Range` value of a 206 answer, or with a null range that of a 416. */
export function contentRange(range: ResolvedRange | null, size: number): string {
  return range ? `bytes ${range.start}-${range.end}/${size}` : `bytes */${size}`;
}
