import type { FoundIdentifier } from "../types.ts";
import { eponymHead, eponyms } from "../words/medicine.ts";
import { escaped, plain } from "./matching.ts";
import { open, shut } from "./people/forms.ts";
import { knownNames } from "./people/known.ts";
import { likelyNames } from "./people/likely.ts";
import { listedNames } from "./people/listed.ts";
import { isCommon, partsOf } from "./people/parts.ts";
import { signedNames } from "./people/signed.ts";
import { smallNames } from "./people/small.ts";
import { strangeNames } from "./people/strange.ts";
import { toldNames } from "./people/told.ts";

/** Names of persons: after titles, labels, relations and words for patients, before what only people do, or known ones. */
export function findPeople(text: string): FoundIdentifier[] {
  const found = [
    ...toldNames(text),
    ...likelyNames(text),
    ...knownNames(text),
    ...smallNames(text),
    ...listedNames(text),
    ...signedNames(text),
    ...strangeNames(text),
  ]
    .map((one) => trimmed(text, one))
    .filter(({ start, end }) => end > start);
  return [...found, ...mentionedAgain(text, found)];
}

/** Trailing words that are none of the name: "Anna Smith Hospital" keeps the place's own rule. */
function trimmed(text: string, found: FoundIdentifier): FoundIdentifier {
  let { end } = found;
  for (;;) {
    const name = text.slice(found.start, end);
    const last = /[\s,]+(\S+)$/u.exec(name);
    const lastWord = last?.[1]?.replace(/[.,]$/, "") ?? "";
    if (
      last &&
      !/^(?:II|III|IV|Jr|Sr)$/.test(lastWord) &&
      !/\s\p{Lu}\s+\S+$/u.test(name) &&
      (isCommon(lastWord) || /^(?:de|da|del|van|von|al|el|la|le)$/.test(lastWord))
    )
      end = found.start + last.index;
    else break;
  }
  return { ...found, end };
}

/** The words of names that were found, wherever they stand again with a capital. */
function mentionedAgain(text: string, found: FoundIdentifier[]): FoundIdentifier[] {
  const parts = new Set(
    found
      .flatMap(({ start, end }) => partsOf(text.slice(start, end)))
      .filter(
        (part) => part.length > 2 && /^\p{Lu}\p{Ll}/u.test(part) && !isCommon(part) && !/^(?:Jr|Sr|III)$/.test(part),
      ),
  );
  const again: FoundIdentifier[] = [];
  for (const part of parts) {
    const place = new RegExp(`${open}${escaped(part)}${shut}`, "gu");
    for (const match of text.matchAll(place)) {
      if (
        eponyms.has(plain(part)) &&
        eponymHead.test(text.slice(match.index + part.length, match.index + part.length + 80))
      )
        continue;
      again.push({ start: match.index, end: match.index + part.length, type: "name" });
    }
  }
  return again;
}
