import type { FoundIdentifier } from "../../types.ts";
import { plain } from "../matching.ts";
import { full, initials } from "./forms.ts";
import { isCommon, mayBeName, partsOf } from "./parts.ts";

const contactLine =
  /\n[ \t]*(?:(?:personal|contact)[ \t]info|tel(?:ephone)?|phone|mob(?:ile)?|cell|desk|fax|e-?mail|web(?:site)?|address|dob|date of birth|mrn|nhs)\b[^\n]{0,20}?[:\n]/iu;
const nameAlone = new RegExp(`^(?:${full}|${initials})$`, "u");
const beforeAt = /(?<![\p{L}\p{N}._%+-])([\p{L}\p{N}._%+'-]{3,64})@[\p{L}\p{N}-]{1,63}\./gu;
const anyWord = /\p{L}[\p{L}\p{M}'’-]*/gu;

/** The name above a block of addresses and numbers, and names that an e-mail address repeats. */
export function signedNames(text: string): FoundIdentifier[] {
  return [...heading(text), ...inMailAddresses(text)];
}

function heading(text: string): FoundIdentifier[] {
  const line = text.split("\n", 1)[0] ?? "";
  const name = line.trim();
  const parts = partsOf(name);
  if (parts.length < 2 || parts.length > 4 || !nameAlone.test(name) || !contactLine.test(text)) return [];
  if (!parts.every((part) => mayBeName(part))) return [];
  const start = line.indexOf(name);
  return [{ start, end: start + name.length, type: "name" }];
}

/** "jane.doe@…" names Jane and Doe, written small as well when it repeats both. */
function inMailAddresses(text: string): FoundIdentifier[] {
  if (!text.includes("@")) return [];
  const words = [...text.matchAll(anyWord)].filter(([word]) => word.length > 2 && !isCommon(word));
  return [...text.matchAll(beforeAt)].flatMap(({ 1: address = "", index }) => {
    const letters = lettersOf(address);
    const repeated = words.filter(
      (word) => letters.includes(lettersOf(word[0])) && (word.index < index || word.index > index + address.length),
    );
    const different = new Set(repeated.map(([word]) => lettersOf(word)));
    const covered = [...different].join("").length / letters.length;
    return repeated
      .filter(([word]) => covered > 0.6 && (different.size > 1 || /^\p{Lu}/u.test(word)))
      .map((word): FoundIdentifier => ({ start: word.index, end: word.index + word[0].length, type: "name" }));
  });
}

const lettersOf = (word: string) => plain(word).replace(/[^a-z]/g, "");
