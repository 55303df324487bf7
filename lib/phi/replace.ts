import { findIdentifiers } from "./find.ts";
import { plain } from "./rules/matching.ts";
import { type FoundIdentifier, type IdentifierType, identifierTypes, type ReplacedIdentifier } from "./types.ts";

/** A text without identifiers, and what stands behind its placeholders. */
export interface Redacted {
  text: string;
  /** Those in this text, each placeholder once; also those of earlier messages that it takes up. */
  identifiers: ReplacedIdentifier[];
}

const placeholder = /\[([A-Z]{2,8})-(\d{1,4})\]/g;

/**
 * Replaces what was found by placeholders, the same for the same identifier throughout a conversation: a date that was
 * `[DATE-1]` before is so again, and "Mrs Smith" is whoever "Anna Smith" was, where no other Smith is known.
 * @param known placeholders of earlier messages
 */
export function replaceIdentifiers(
  text: string,
  found: readonly FoundIdentifier[],
  known: readonly ReplacedIdentifier[] = [],
): Redacted {
  const all = [...known];
  const used = new Map<string, ReplacedIdentifier>();
  // A placeholder that somebody typed is nobody's number, unless it is one of the conversation's.
  const typed = [...text.matchAll(placeholder)].map(([one]) => one);
  for (const one of typed) {
    const earlier = known.find((identifier) => identifier.placeholder === one);
    if (earlier) used.set(one, earlier);
  }
  const taken = new Set([...typed, ...known.map((identifier) => identifier.placeholder)]);
  // Whole names first, so that parts of them find their owner wherever they stand.
  const inOrder = found.toSorted(
    (left, right) => wordsIn(text, right) - wordsIn(text, left) || left.start - right.start,
  );
  const placeholders = new Map<FoundIdentifier, string>();
  for (const one of inOrder) {
    const own = text.slice(one.start, one.end).replace(/\s+/g, " ");
    const same = sameAs(own, one.type, all) ?? added(own, one.type, all, taken);
    placeholders.set(one, same.placeholder);
    // What this message says is what its reader sees: its own words stand behind the placeholder.
    if (!used.has(same.placeholder)) used.set(same.placeholder, { ...same, text: own });
  }
  let redacted = "";
  let at = 0;
  for (const one of found.toSorted((left, right) => left.start - right.start)) {
    redacted += text.slice(at, one.start) + placeholders.get(one);
    at = one.end;
  }
  return { text: redacted + text.slice(at), identifiers: [...used.values()] };
}

/** For what keeps no identifiers of its own, such as titles and notes: known ones by their placeholder, others by their type. */
export function withoutIdentifiers(text: string, known: readonly ReplacedIdentifier[] = []): string {
  let redacted = "";
  let at = 0;
  for (const { start, end, type } of findIdentifiers(text, namesOf(known))) {
    const earlier = sameAs(text.slice(start, end), type, known);
    redacted += `${text.slice(at, start)}${earlier ? earlier.placeholder : `[${type.toUpperCase()}]`}`;
    at = end;
  }
  return redacted + text.slice(at);
}

/** Names of earlier messages, whole and their words, that are to be found again. */
export function namesOf(known: readonly ReplacedIdentifier[]): string[] {
  const names = known.filter(({ type }) => type === "name").map(({ text }) => text);
  return [...new Set(names)].filter((name) => name.length > 3 && /\s/.test(name));
}

/** Puts what was replaced back into every text of a value: a message, an answer, an event. */
export function restoreIdentifiers<T>(
  value: T,
  identifiers: readonly Pick<ReplacedIdentifier, "placeholder" | "text">[],
): T {
  if (identifiers.length === 0) return value;
  const texts = new Map(identifiers.map((one) => [one.placeholder, one.text]));
  return restored(value, (text) => text.replace(placeholder, (one) => texts.get(one) ?? one)) as T;
}

function restored(value: unknown, restore: (text: string) => string): unknown {
  if (typeof value === "string") return restore(value);
  if (Array.isArray(value)) return value.map((item) => restored(item, restore));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, restored(item, restore)]));
}

/** A text that reads well where nothing is known of its placeholders: "Mrs …, on apixaban". */
export function withoutNumbered(text: string): string {
  return text.replace(placeholder, "…");
}

/** Placeholders in a text of any shape. */
export function placeholdersIn(value: unknown): string[] {
  return [...new Set((JSON.stringify(value) ?? "").match(placeholder) ?? [])];
}

/** What stands before a name and means nothing without it. */
const titleOfName =
  /(?<![\p{L}\p{N}])(?:(?:mrs?|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|rev|reverend|nurse|sister|herr|frau|señora?|mme|mlle|madame|monsieur)\.?\s+)+(?=\[NAME(?:-\d{1,4})?\])/giu;

/**
 * A text as it is searched: placeholders would be looked up as words, and titles before them are nobody's. An age over
 * 89 is told as that.
 */
export function withoutPlaceholders(text: string): string {
  if (!text.includes("[")) return text;
  return text
    .replace(/\[AGE-\d{1,4}\](?:[- ]year[- ]olds?)?/g, "over 89 years old")
    .replace(titleOfName, "")
    .replace(/\[[A-Z]{2,8}(?:-\d{1,4})?\](?:['’]s(?!\p{L}))?/gu, " ")
    .replace(/\(\s*\)/g, " ")
    .replace(/\s+([,.;:?!])/g, "$1")
    .replace(/^[\s,.;:]+/, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** What is said of the identifiers in a text: "a name and 2 dates". */
export function summaryOf(found: readonly { type: IdentifierType }[]): string {
  const counts = Map.groupBy(found, ({ type }) => type);
  const parts = Object.entries(identifierTypes).flatMap(([type, [one, several]]) => {
    const count = counts.get(type as IdentifierType)?.length ?? 0;
    return count === 0 ? [] : [count === 1 ? one : `${count} ${several}`];
  });
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function wordsIn(text: string, { start, end, type }: FoundIdentifier): number {
  return type === "name" ? text.slice(start, end).split(/\s+/).length : 0;
}

function added(text: string, type: IdentifierType, all: ReplacedIdentifier[], taken: Set<string>): ReplacedIdentifier {
  for (let number = 1; ; number += 1) {
    const name = `[${type.toUpperCase()}-${number}]`;
    if (taken.has(name)) continue;
    taken.add(name);
    const identifier = { placeholder: name, text, type };
    all.push(identifier);
    return identifier;
  }
}

function sameAs(
  text: string,
  type: IdentifierType,
  all: readonly ReplacedIdentifier[],
): ReplacedIdentifier | undefined {
  const own = all.filter((one) => one.type === type);
  const key = keyOf(text, type);
  const same = own.find((one) => keyOf(one.text, type) === key);
  if (same || type !== "name") return same;
  // Part of one known name, and of no other: "Smith" after "Anna Smith".
  const parts = nameParts(text);
  const holding = own.filter((one) => parts.every((part) => nameParts(one.text).includes(part)));
  return holding.length === 1 && parts.length > 0 ? holding[0] : undefined;
}

const nameParts = (name: string): string[] =>
  plain(name)
    .split(/[\s,.]+/)
    .filter((part) => part.length > 1 && !/^(?:mrs?|ms|miss|dr|jr|sr)$/.test(part));

function keyOf(text: string, type: IdentifierType): string {
  if (type === "name") return nameParts(text).toSorted().join(" ");
  return plain(text)
    .replace(/[\s.,()-]+/g, type === "date" || type === "address" || type === "place" ? " " : "")
    .trim();
}
