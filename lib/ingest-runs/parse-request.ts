import type { z } from "zod";
import { ForbiddenError, InvalidInputError } from "../errors.ts";
import type { Actor } from "./actor.ts";
import { type SourceRequest, sourceRequest } from "./source-request.ts";

/** @throws InvalidInputError naming every setting that does not fit */
export function parseSourceRequest(request: unknown): SourceRequest {
  return parseInput(sourceRequest, request, "source");
}

export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || what}: ${message}`);
  throw new InvalidInputError(`The ${what} is not usable: ${problems.join("; ")}.`);
}

/** Where people may have objects read from: an operator's inbox, and what was uploaded for the same collection. */
export const inboxPrefix = "inbox/";
export const uploadPrefix = (slug: string) => `uploads/${slug}/`;

/**
 * A person in a browser must not reach through a run what they may not read otherwise: files of the worker's machine,
 * originals of other tenants' collections.
 * @throws ForbiddenError
 */
export function checkReach(actor: Actor, slug: string, request: SourceRequest): void {
  if ("kind" in actor) return;
  if (request.kind === "files") {
    throw new ForbiddenError("Files of a machine are taken in by its command line. Upload them instead.");
  }
  const allowed = [inboxPrefix, uploadPrefix(slug)];
  if (request.kind === "objects" && !allowed.some((prefix) => request.prefix.startsWith(prefix))) {
    throw new ForbiddenError(`Objects are taken in from below ${allowed.join(" or ")}, not from “${request.prefix}”.`);
  }
}
