import { z } from "zod";
import { maximumQuestionLength } from "../ask/index.ts";
import { questionFilters } from "../domain.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";

export const questionInput = z.object({
  question: z
    .string()
    .min(1, "write a question")
    .max(maximumQuestionLength, `at most ${maximumQuestionLength} characters`),
  collections: z.array(z.string().max(100)).max(50).default([]),
  filters: questionFilters.default({}),
  /** Marked as identifiers in the browser, and said by the person to be none; the tenant may allow that. */
  notIdentifiers: z.array(z.string().max(maximumQuestionLength)).max(100).default([]),
});

/** A question to a conversation that there is: on which of its branches. */
export const postedQuestion = questionInput.extend({
  /** The answer it follows; null for another first question; absent for the newest answer. */
  parentId: z.uuid().nullable().optional(),
});

const uuid = z.uuid();

/** @throws InvalidInputError naming the first field that does not fit and why */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".");
  throw new InvalidInputError(`${field ? `“${field}”: ` : ""}${issue?.message ?? "The input does not fit."}`);
}

/** An id that cannot be one names nothing. */
export function checkId(id: string, what: string): string {
  if (!uuid.safeParse(id).success) throw new NotFoundError(what);
  return id;
}
