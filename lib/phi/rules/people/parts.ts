import { familyEnding, familyNames } from "../../words/family-names.ts";
import { givenNames } from "../../words/given-names.ts";
import { commonWords, eponymHead, wordLikeNames } from "../../words/medicine.ts";
import { plain } from "../matching.ts";

export const x = (match: RegExpExecArray): string => match.groups?.x ?? match[0];
export const inside = (isOne: (name: string) => boolean) => (match: RegExpExecArray) => isOne(x(match));
export const partsOf = (name: string): string[] =>
  name.split(/[\s,]+/).filter((part) => part.replace(/\W/g, "").length > 1);

export function isGiven(part: string): boolean {
  const name = plain(part);
  return givenNames.has(name) || (name.includes("-") && name.split("-").every((half) => givenNames.has(half)));
}

export function isFamily(part: string): boolean {
  const name = plain(part);
  return (
    familyNames.has(name) ||
    familyEnding.test(part) ||
    (/^(?:o'|mc|mac)\p{L}{3}/u.test(name) && /^(?:O['’]|Mc|Mac)\p{Lu}/u.test(part))
  );
}

export const isCommon = (part: string) => commonWords.has(plain(part)) && !givenNames.has(plain(part));
/** A word that a family may be called by as well, behind a given name: "Anna White". */
export const mayEnd = (part: string) => !isCommon(part) || familyNames.has(plain(part));
export const isWord = (part: string) => isCommon(part) || wordLikeNames.has(plain(part));
export const termEnding =
  /(?:itis|osis|emia|aemia|pathy|oma|ine|ol|ide|mab|nib|syndrome|virus|illin|mycin|azole|statin|pril|sartan)$/iu;
export const isAbbreviation = (part: string) => /^[\p{Lu}\p{N}-]{2,5}$/u.test(part);

/** Nothing in it but what may be a name. */
export function isNameLike(name: string): boolean {
  const first = partsOf(name)[0];
  return first !== undefined && !isCommon(first);
}

export function isKnown(name: string): boolean {
  return partsOf(name).some((part) => (isGiven(part) || isFamily(part)) && !isWord(part));
}

/** What follows makes a term of it: "Wells score". */
export function isEponym(
  text: string,
  match: { index: number; indices?: RegExpIndicesArray } & RegExpExecArray,
): boolean {
  const end = match.indices?.groups?.x?.[1] ?? match.index + match[0].length;
  return eponymHead.test(text.slice(end, end + 80));
}
