import type { DocumentName } from "#db/index.ts";
import type { ParsedDocument } from "../types.ts";

/** What a document calls things: what questions are understood by. */
export function namesOf(_document: ParsedDocument): DocumentName[] {
  return [];
}
