import type { FailureCode, ParsedRecord, RecordPosition } from "../types.ts";

/** Why one record cannot become a document; the parsers turn it into a `failure` and go on. */
export class RecordError extends Error {
  readonly code: FailureCode;
  /** The record's own id where it could still be read. */
  readonly sourceId: string | null;

  constructor(code: FailureCode, reason: string, options: { sourceId?: string | null; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.name = "RecordError";
    this.code = code;
    this.sourceId = options.sourceId ?? null;
  }
}

/** The failure of a record, from the error its reading threw. An error that is not the record's fault goes on up. */
export function failureOf(error: unknown, position: RecordPosition, sourceId: string | null = null): ParsedRecord {
  if (!(error instanceof RecordError)) throw error;
  return {
    kind: "failure",
    failure: { position, sourceId: error.sourceId ?? sourceId, code: error.code, reason: error.message },
  };
}
