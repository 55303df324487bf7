import { findAddresses } from "./rules/addresses.ts";
import { findContacts } from "./rules/contacts.ts";
import { findAges, findDates } from "./rules/dates.ts";
import { escaped } from "./rules/matching.ts";
import { findNumbers } from "./rules/numbers.ts";
import { findPeople } from "./rules/people.ts";
import { findPlaces } from "./rules/places.ts";
import type { FoundIdentifier, IdentifierType } from "./types.ts";

/** Placeholders of texts that were redacted before, and numbers of the literature. */
const neverIdentifiers = [
  /\[[A-Z]{2,8}(?:-\d{1,4})?\]/gu,
  /(?<![\p{L}\p{N}])10\.\d{4,9}\/[^\s"'<>]{1,120}/gu,
  /(?<![\p{L}\p{N}])(?:PMID|PMC(?:ID)?|PMC|doi|ISRCTN|NCT|EudraCT|ACTRN|CRD|ISBN|ISSN|NDC|ATC|CAS|OMIM|MIM|rs|ICD(?:-1[01])?|SNOMED(?: CT)?|LOINC|RxNorm|UNII|MeSH|GSE|arXiv)[\s:#.-]{0,3}(?:number\s)?[A-Z]?\d[\d.,/-]*/giu,
];

/** Of two that overlap, the type that says more of itself wins; within a type the longer. */
const strength: Record<IdentifierType, number> = {
  email: 17,
  url: 16,
  ssn: 15,
  nhs: 14,
  account: 13,
  card: 12,
  ip: 11,
  device: 10,
  licence: 9,
  record: 8,
  phone: 7,
  date: 6,
  address: 5,
  postcode: 4,
  age: 3,
  place: 2,
  name: 1,
};

/**
 * The identifiers of persons in a text, in their order, without overlap. Runs in a browser as well: rules and lists
 * only, in time proportional to the text.
 * @param alsoNames names that are known already, as of earlier messages, found wherever they stand
 */
export function findIdentifiers(text: string, alsoNames: readonly string[] = []): FoundIdentifier[] {
  const kept = neverIdentifiers.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length] as const),
  );
  const all = [
    ...findContacts(text),
    ...findNumbers(text),
    ...findDates(text),
    ...findAges(text),
    ...findAddresses(text),
    ...findPlaces(text),
    ...findPeople(text),
    ...knownAlready(text, alsoNames),
  ].filter(({ start, end }) => !kept.some(([from, until]) => start < until && end > from));
  return withoutOverlaps(all.map((found) => tidied(text, found)).filter(({ start, end }) => end > start));
}

function knownAlready(text: string, names: readonly string[]): FoundIdentifier[] {
  return names.flatMap((name) =>
    [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, "giu"))].map(
      (match): FoundIdentifier => ({ start: match.index, end: match.index + match[0].length, type: "name" }),
    ),
  );
}

function tidied(text: string, { start, end, type }: FoundIdentifier): FoundIdentifier {
  const inside = text.slice(start, end);
  const leading = /^[\s,;:]*/u.exec(inside)?.[0].length ?? 0;
  const trailing = type === "url" ? 0 : (/[\s,;:.–-]*$/u.exec(inside)?.[0].length ?? 0);
  return { start: start + leading, end: Math.max(start + leading, end - trailing), type };
}

/** Those that touch one another and are of one kind become one; of others the stronger stays, with what the weaker adds. */
function withoutOverlaps(all: FoundIdentifier[]): FoundIdentifier[] {
  const sorted = all.toSorted((left, right) => left.start - right.start || right.end - left.end);
  const kept: FoundIdentifier[] = [];
  for (const next of sorted) {
    const last = kept.at(-1);
    if (!last || next.start >= last.end) {
      kept.push({ ...next });
      continue;
    }
    // Nothing that a rule found may be left standing, so that the two become one.
    if (strength[next.type] > strength[last.type] && next.end - next.start >= (last.end - last.start) / 2)
      last.type = next.type;
    last.end = Math.max(last.end, next.end);
  }
  return kept;
}
