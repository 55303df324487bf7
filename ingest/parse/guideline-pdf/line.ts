import { isMarker, type Segment } from "./segments.ts";
import type { Fragment, Line } from "./types.ts";

/** Where a line belongs: its block in reading order and, in a table, its row and cell. */
export type Place = Pick<Line, "column" | "row" | "cell">;

/** The segments of one line, from the left, as a line. */
export function lineOf(segments: readonly Segment[], place: Place): Line {
  let text = "";
  let isLabelled = segments[0]?.isLabelled === true;
  for (const [index, segment] of segments.entries()) {
    if (index > 0) {
      if (index === 1 && isMarker(text.trim())) isLabelled = true;
      text += " ";
    }
    text += segmentText(segment.fragments);
  }
  const fragments = segments.flatMap((segment) => segment.fragments);
  const main = segments.reduce((largest, segment) => (segment.characters > largest.characters ? segment : largest));
  const letters = fragments.filter((fragment) => /[\p{L}\d]/u.test(fragment.text));
  const top = Math.min(...fragments.map((fragment) => fragment.y));
  const bottom = Math.max(...fragments.map((fragment) => fragment.y + fragment.height));
  const x = Math.min(...segments.map((segment) => segment.x));
  return {
    // Symbol fonts without a map give their bullet as an opening bracket.
    text: text
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^\[ (?=[^\]]*$)/, "• "),
    x,
    y: top,
    width: Math.max(...segments.map((segment) => segment.right)) - x,
    height: bottom - top,
    baseline: main.baseline,
    size: main.size,
    bold: letters.length > 0 && letters.every((fragment) => fragment.bold),
    isLabelled,
    ...place,
  };
}

/** Raised numbers become exponents where they stand on a digit or unit; see inline.ts for why. */
function segmentText(fragments: readonly Fragment[]): string {
  const largest = Math.max(...fragments.map((fragment) => fragment.size));
  const baseline = fragments.find((fragment) => fragment.size === largest)?.baseline ?? 0;
  let text = "";
  let right = Number.NEGATIVE_INFINITY;
  for (const fragment of fragments) {
    const gap = fragment.x - right;
    if (text !== "" && gap > largest * 0.14 && !text.endsWith(" ") && !fragment.text.startsWith(" ")) text += " ";
    const isRaised = fragment.size < largest * 0.8 && baseline - fragment.baseline > largest * 0.18;
    text += isRaised ? raised(text, fragment.text) : fragment.text;
    right = Math.max(right, fragment.x + fragment.width);
  }
  return text;
}

const superscripts: Record<string, string> = { "-": "⁻", "−": "⁻", "–": "⁻", "+": "⁺" };

function raised(before: string, text: string): string {
  const content = text.trim();
  if (!/^[+−–-]?\d{1,3}$/.test(content) || !/[\p{L}\d)%]$/u.test(before)) {
    return /\d$/.test(before) && /^[\p{L}\d]/u.test(content) ? `^${text}` : text;
  }
  return [...content]
    .map((character) => superscripts[character] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(character)] ?? character)
    .join("");
}
