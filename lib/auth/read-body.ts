import { InvalidInputError } from "../errors.ts";

const longest = 32 * 1024;

/** A request's JSON object of at most 32 KiB. A page of another site cannot send this type without being asked first. */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const isJson = /^application\/json\b/i.test(request.headers.get("content-type") ?? "");
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > longest) throw new InvalidInputError("The request is longer than 32 KiB.");
    parts.push(part);
  }
  const value: unknown = isJson ? parse(Buffer.concat(parts).toString()) : null;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new InvalidInputError("The request's body is no JSON object.");
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
