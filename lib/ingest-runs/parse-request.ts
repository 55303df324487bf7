import type { z } from "zod";
import { ForbiddenError, InvalidInputError } from "../errors.ts";
import type { Actor } from "./actor.ts";
import { type SourceRequest, sourceRequest } from "./source-request.ts";

const kinds = sourceRequest.options.map(({ shape }) => shape.kind.value);

/** @throws InvalidInputError naming every setting that does not fit */
export function parseSourceRequest(request: unknown): SourceRequest {
  const kind = (request as { kind?: unknown } | null)?.kind;
  if (!(kinds as unknown[]).includes(kind)) {
    throw new InvalidInputError(`“${kind}” is no kind of source; there are ${kinds.join(", ")}.`);
  }
  return parseInput(sourceRequest, request, `source ${kind}`);
}

/** @throws InvalidInputError naming every field that does not fit, by its name and what is expected of it */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const reason = message.endsWith("received undefined") ? "is missing" : message;
    return path.length > 0 ? `${path.join(".")}: ${reason}` : reason;
  });
  throw new InvalidInputError(`The ${what} cannot be used. ${problems.join("; ")}.`);
}

/** Where people may have objects read from: an operator's inbox, and what was uploaded for the same collection. */
export const inboxPrefix = "inbox/";
export const uploadPrefix = (slug: string) => `uploads/${slug}/`;

/**
 * A person in a browser must not reach through a run what they may not read otherwise: files of the worker's machine,
 * originals of other tenants' collections.
 * @throws ForbiddenError
 */
export function checkReach(
  actor: Actor,
  { slug, tenantId }: { slug: string; tenantId: string | null },
  request: SourceRequest,
): void {
  if ("kind" in actor) return;
  if (request.kind === "files") {
    throw new ForbiddenError("Files of a machine are taken in by its command line. Upload them instead.");
  }
  // The inbox is the operator's, as the shared collections are.
  const allowed = tenantId === null ? [inboxPrefix, uploadPrefix(slug)] : [uploadPrefix(slug)];
  if (request.kind === "objects" && !allowed.some((prefix) => request.prefix.startsWith(prefix))) {
    throw new ForbiddenError(`Objects are taken in from below ${allowed.join(" or ")}, not from “${request.prefix}”.`);
  }
}
