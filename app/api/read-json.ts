import { InvalidInputError } from "#lib/errors.ts";

const longestBody = 256 * 1024;

/** The request's body as JSON, still unknown. Throws InvalidInputError (400) for anything else or over 256 KiB. */
export async function readJson(request: Request): Promise<unknown> {
  let size = 0;
  const parts: Uint8Array[] = [];
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > longestBody) throw new InvalidInputError("The request is longer than 256 KiB.");
    parts.push(part);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)));
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
