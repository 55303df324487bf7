import type { FoundIdentifier } from "../../types.ts";
import { full, open, shut } from "./forms.ts";
import { isForeign, isSurelyKnown, mayBeName, partsOf } from "./parts.ts";

/** Words that a list of persons follows. */
const persons =
  "(?:founders|parents|grandparents|children|grandchildren|kids|sons|daughters|siblings|brothers|sisters|twins|triplets|cousins|friends|neighbou?rs|colleagues|carers|guardians|witnesses|nurses|doctors|named|called)";
const series = new RegExp(
  `(?:${open}(?<cue>${persons})(?: (?:is|are|were|was))?[:,]? \\(?)?${open}(?<x>${full}(?:, ${full}){0,12},? (?:and|&|or) ${full})${shut}`,
  "dgu",
);
const single = new RegExp(`${open}${full}${shut}`, "gu");
/**
 * Names in a row, "Ana, Tariq and Wei", where nothing in it can be anything else: behind a word for persons, or where a
 * third of them is known.
 */
export function listedNames(text: string): FoundIdentifier[] {
  const found: FoundIdentifier[] = [];
  for (const match of text.matchAll(series)) {
    const start = match.indices?.groups?.x?.[0] ?? match.index;
    const names = [...(match.groups?.x ?? "").matchAll(single)];
    if (!names.every(([one]) => partsOf(one).length > 0 && partsOf(one).every((part) => mayBeName(part)))) continue;
    const known = names.filter(([one]) => partsOf(one).some((part) => isSurelyKnown(part) || isForeign(part))).length;
    const needed = match.groups?.cue ? 0 : names.length / 3;
    if (known < needed) continue;
    for (const one of names)
      found.push({ start: start + one.index, end: start + one.index + one[0].length, type: "name" });
  }
  return found;
}
