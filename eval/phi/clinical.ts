import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type IdentifierType, identifierTypes } from "#lib/phi/index.ts";
import type { MarkedText } from "./measure.ts";

const marked = /\{([a-z]+):([^{}]+)\}/g;

/** Short clinical texts written for this measurement, an identifier as `{type:its text}`. */
export function clinicalTexts(): MarkedText[] {
  const written = JSON.parse(readFileSync(join(import.meta.dirname, "clinical.json"), "utf8")) as string[];
  return written.map(unmark);
}

/** @throws Error for a type that there is not */
export function unmark(written: string): MarkedText {
  const spans: MarkedText["spans"] = [];
  let text = "";
  let at = 0;
  for (const match of written.matchAll(marked)) {
    const [whole, type = "", value = ""] = match;
    if (!(type in identifierTypes)) throw new Error(`there is no identifier type ${type}: ${written}`);
    text += written.slice(at, match.index);
    spans.push({ start: text.length, end: text.length + value.length, type: type as IdentifierType });
    text += value;
    at = match.index + whole.length;
  }
  return { text: text + written.slice(at), spans };
}
