import { cleanText } from "#lib/text/clean.ts";
import type { ParsedDocument, RecordFailure } from "../types.ts";

/** Longest source id, in bytes; an index entry of Postgres may have 2,704. */
const sourceIdLimit = 500;

// JSON escapes a lone surrogate and NUL as written here; behind an even number of backslashes it is the escape itself.
const unkeepable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Why the database could not keep a document, in one sentence; null when it can. Found out before a batch fails by it. */
export function faultOf(document: ParsedDocument): string | null {
  const { sourceId } = document;
  if (sourceId === "") return "the record's id is empty";
  const bytes = Buffer.byteLength(sourceId);
  if (bytes > sourceIdLimit) return `the record's id is ${bytes} bytes long, at most ${sourceIdLimit} are kept`;
  if (sourceId !== cleanText(sourceId)) return "the record's id holds characters that cannot be kept";
  const { original: _original, boxes: _boxes, ...content } = document;
  for (const [field, value] of Object.entries(content)) {
    if (unkeepable.test(JSON.stringify(value) ?? "")) return `${field} holds NUL or half a character`;
  }
  return null;
}

/** The failure with its words as they can be shown and stored: a reason may quote the record's own bytes. */
export function storableFailure({ position, sourceId, code, reason }: RecordFailure): RecordFailure {
  const id = sourceId === null ? null : cleanText(sourceId).slice(0, sourceIdLimit).toWellFormed();
  return { position, sourceId: id, code, reason: cleanText(reason) };
}

/** The beginning of a text that takes no more bytes than given once it is percent-encoded. */
export function withinEncoded(text: string, limit: number): string {
  let kept = "";
  let bytes = 0;
  for (const character of text.toWellFormed()) {
    bytes += encodeURIComponent(character).length;
    if (bytes > limit) break;
    kept += character;
  }
  return kept;
}
