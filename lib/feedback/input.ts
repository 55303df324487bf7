import { z } from "zod";
import type { FeedbackSelection } from "#db/index.ts";
import { feedbackKinds } from "../domain.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";

/** Characters of a note. */
export const longestNote = 2000;

const note = z
  .string("expected text")
  .trim()
  .max(longestNote, `at most ${longestNote} characters`)
  .refine((text) => !text.includes("\0"), "holds a character that cannot be stored");

const sentenceIndex = z.int("expected the number of a sentence").nonnegative("expected the number of a sentence");

export const givenFeedback = z.object({
  kind: z.enum(feedbackKinds, `expected ${feedbackKinds.join(", ")}`),
  note: note.default(""),
  sentenceIndex: sentenceIndex.max(100_000).nullable().default(null),
});

/** What of the tenant's feedback is meant; from an address, so every field is text or absent. */
export interface FeedbackFilter {
  kind?: string | undefined;
  /** `open` or `resolved`; both when absent. */
  state?: string | undefined;
  /** First and last day, `2026-03-05`, in UTC. */
  from?: string | undefined;
  until?: string | undefined;
}

const filter = z.object({
  kind: z.enum(feedbackKinds, `expected ${feedbackKinds.join(", ")}`).optional(),
  state: z.enum(["open", "resolved"], "expected open or resolved").optional(),
  from: z.iso.date("expected a day such as 2026-03-05").optional(),
  until: z.iso.date("expected a day such as 2026-03-05").optional(),
});

/** @throws InvalidInputError naming the field that does not fit */
export function parseFilter(given: FeedbackFilter): FeedbackSelection {
  const { kind, state, from, until } = parse(filter, given);
  return {
    kind: kind ?? null,
    resolved: state === undefined ? null : state === "resolved",
    from: from ?? null,
    until: until ?? null,
  };
}

/** @throws InvalidInputError naming the first field that does not fit and why */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".");
  throw new InvalidInputError(`${field ? `“${field}”: ` : ""}${issue?.message ?? "The input does not fit."}`);
}

const uuid = z.uuid();

/** An id that cannot be one names nothing. */
export function checkId(id: string, what: string): string {
  if (!uuid.safeParse(id).success) throw new NotFoundError(what);
  return id;
}
