import { InvalidInputError, ProbatumError } from "#lib/errors.ts";

const longestBody = 256 * 1024;
const deepest = 32;
/** Milliseconds within which a body has to be there. */
const slowest = 15_000;

/**
 * The request's body as JSON, still unknown.
 * @throws ProbatumError 415 when it is not said to be JSON, 413 over 256 KiB, 408 when it does not come within 15 s;
 *   InvalidInputError (400) when it is not JSON, or nested deeper than 32
 */
export async function readJson(request: Request, limits: { milliseconds?: number } = {}): Promise<unknown> {
  // A page of another site may send a form or plain text without asking first; JSON it may not.
  const [mediaType = ""] = (request.headers.get("content-type") ?? "").split(";");
  if (mediaType.trim().toLowerCase() !== "application/json") {
    throw new ProbatumError(415, "unsupported_media_type", "The request's body must be sent as application/json.");
  }
  const bytes = await readBody(request, { ...limits, longest: longestBody });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidInputError("The request's body is not JSON.");
  }
  if (isDeeperThan(deepest, text)) throw new InvalidInputError(`The request's body is nested deeper than ${deepest}.`);
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInputError("The request's body is not JSON.");
  }
}

/** The request's body as an object of unknown fields. Throws InvalidInputError (400) for anything else. */
export async function readObject(request: Request): Promise<Record<string, unknown>> {
  const value = await readJson(request);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidInputError("The request's body is not an object.");
  }
  return value as Record<string, unknown>;
}

/** A small body, whole. @throws ProbatumError 413 when it is longer, 408 when it takes too long */
export async function readBody(
  request: Request,
  { longest, milliseconds = slowest }: { longest: number; milliseconds?: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLong = () => new ProbatumError(413, "too_large", `The request is longer than ${longest / 1024} KiB.`);
  if (Number(request.headers.get("content-length")) > longest) throw tooLong();
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reader.cancel().catch(() => undefined);
  }, milliseconds);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.byteLength;
      if (size > longest) {
        reader.cancel().catch(() => undefined);
        throw tooLong();
      }
      parts.push(next.value);
    }
  } finally {
    clearTimeout(timer);
  }
  if (isLate) throw new ProbatumError(408, "too_slow", "The request's body did not come in time.");
  return new Uint8Array(Buffer.concat(parts));
}

/** Counted before anything is built of it; brackets inside strings count for nothing. */
function isDeeperThan(most: number, text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (isString) {
      if (sign === "\\") at += 1;
      else if (sign === '"') isString = false;
    } else if (sign === '"') isString = true;
    else if (sign === "{" || sign === "[") {
      depth += 1;
      if (depth > most) return true;
    } else if (sign === "}" || sign === "]") depth -= 1;
  }
  return false;
}
