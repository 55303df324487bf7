import { ProbatumError } from "../errors.ts";
import { type FoundIdentifier, identifierTypes, summaryOf } from "../phi/index.ts";

/** Says what was found and where, never the words themselves: errors are logged and shown. */
export class IdentifiersRefusedError extends ProbatumError {
  /** @param what whose identifiers they are, e.g. "The question" */
  constructor(what: string, found: readonly FoundIdentifier[]) {
    const places = found.map(({ type, start, end }) => `${identifierTypes[type][0]} (characters ${start + 1}–${end})`);
    super(
      422,
      "identifiers",
      `${what} holds ${summaryOf(found)}; your organisation takes no patient identifiers. Nothing was stored. Take out: ${places.join(", ")}.`,
    );
  }
}
