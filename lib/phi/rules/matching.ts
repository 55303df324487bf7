import type { FoundIdentifier, IdentifierType } from "../types.ts";

/**
 * All places of a pattern, as identifiers of a type. The span is the group `x` where the pattern has one, else all of
 * the match.
 * @param pattern with the flags g and u; d as well where it has the group
 * @param isOne says of a match whether it is one
 */
export function matches(
  text: string,
  pattern: RegExp,
  type: IdentifierType,
  isOne: (match: RegExpExecArray) => boolean = () => true,
): FoundIdentifier[] {
  const found: FoundIdentifier[] = [];
  for (const match of text.matchAll(pattern)) {
    const [start, end] = match.indices?.groups?.x ?? [match.index, match.index + match[0].length];
    if (end > start && isOne(match)) found.push({ start, end, type });
  }
  return found;
}

/** In lower case and without accents, as the lists of names have it. */
export function plain(word: string): string {
  if (/^[\x20-\x7e]*$/.test(word)) return word.toLowerCase();
  return word.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** Text as a part of a pattern. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** A pattern of lower-case words that matches them in any case, within one that tells capitals from small letters. */
export function anyCase(pattern: string): string {
  return pattern.replace(/\\.|[a-z]/g, (part) => (part.length === 1 ? `[${part}${part.toUpperCase()}]` : part));
}
