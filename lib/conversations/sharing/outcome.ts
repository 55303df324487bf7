import { participantLimit, type SharingOutcome } from "#db/index.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../../errors.ts";

/** What each way of not being done is called, in the words of one verb. */
export type OutcomeWords = Partial<Record<Exclude<SharingOutcome, "done" | "absent" | "full">, string>>;

/**
 * @throws NotFoundError when the conversation is not the viewer's, ForbiddenError when their role does not allow it,
 * InvalidInputError when nobody is meant, ConflictError when it does not fit what is
 */
export function requireDone(outcome: SharingOutcome, words: OutcomeWords = {}): void {
  switch (outcome) {
    case "done":
      return;
    case "absent":
      throw new NotFoundError("The conversation");
    case "refused":
      throw new ForbiddenError(words.refused ?? "Your role in this conversation does not allow this.");
    case "nobody":
      throw new InvalidInputError(words.nobody ?? "They do not take part in this conversation.");
    case "owner":
      throw new ConflictError(words.owner ?? "The owner stays until the conversation is handed over.");
    case "present":
      throw new ConflictError(words.present ?? "They take part already.");
    case "full":
      throw new ConflictError(`A conversation has room for ${participantLimit} people.`);
  }
}
