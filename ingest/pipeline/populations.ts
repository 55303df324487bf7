import type { Population } from "#lib/domain.ts";
import type { ParsedDocument } from "../types.ts";

/** Whom a document is about, by its MeSH check tags and the words of its title. */
export function populationsOf(_document: ParsedDocument): Population[] {
  return [];
}
