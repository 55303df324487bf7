import { z } from "zod";
import { roles } from "../auth/permissions.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { cleanText, collapseWhitespace } from "../text/clean.ts";

export const role = z.enum(roles, `a role is one of ${roles.join(", ")}`);

export const emailAddress = z
  .string("write an e-mail address")
  .trim()
  .toLowerCase()
  .pipe(z.email("this is no e-mail address").max(320, "at most 320 characters"));

export const personName = z
  .string("write a name")
  .transform((name) => collapseWhitespace(cleanText(name)))
  .pipe(z.string().min(1, "write a name").max(200, "at most 200 characters"));

const uuid = z.uuid();

/** @throws InvalidInputError naming the first field that does not fit and why */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".");
  throw new InvalidInputError(`${field ? `“${field}”: ` : ""}${issue?.message ?? "The input does not fit."}`);
}

/** An id that cannot be one names nothing. @throws NotFoundError */
export function checkId(id: string, what: string): string {
  if (!uuid.safeParse(id).success) throw new NotFoundError(what);
  return id.toLowerCase();
}
