import { markEnd, markStart } from "#db/index.ts";
import type { TextSegment } from "../../domain.ts";
import { collapseWhitespace } from "../../text/clean.ts";

/** A text in which what was found stands between marks, as segments; white space is one space. */
export function segmentsOf(marked: string): TextSegment[] {
  const segments: TextSegment[] = [];
  const parts = marked.replace(/\s+/g, " ").trim().split(markStart);
  for (const [at, part] of parts.entries()) {
    const [found = "", ...others] = at === 0 ? ["", part] : part.split(markEnd);
    segments.push({ text: found, marked: true }, { text: others.join(""), marked: false });
  }
  return segments.filter(({ text }) => text !== "");
}

/** The beginning of a text, cut at a word. */
export function beginningOf(text: string, length = 200): TextSegment[] {
  const plain = collapseWhitespace(text);
  if (plain.length <= length) return [{ text: plain, marked: false }];
  const cut = plain.lastIndexOf(" ", length);
  return [{ text: `${plain.slice(0, cut > length / 2 ? cut : length)} …`, marked: false }];
}
