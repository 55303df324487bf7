import { familyEnding, familyNames } from "../../words/family-names.ts";
import { givenNames } from "../../words/given-names.ts";
import { commonWords, eponymHead, eponyms, wordLikeNames } from "../../words/medicine.ts";
import { knownTowns, largePlaces } from "../../words/places.ts";
import { terms } from "../../words/terms.ts";
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

/** A word with a capital that no list has, and that has no form of a term or an abbreviation. */
export function isUnknown(part: string): boolean {
  const name = plain(part);
  return (
    /^\p{Lu}[\p{L}\p{M}’'-]*\p{Ll}/u.test(part) &&
    name.length > 2 &&
    !/\p{Ll}(?<!^(?:Mc|Mac|De|Di|La|Le|Van|Von|Fitz))\p{Lu}/u.test(part) &&
    !commonWords.has(name) &&
    !name.split("-").some((half) => eponyms.has(half)) &&
    !terms.has(name) &&
    !largePlaces.has(name) &&
    !knownTowns.has(name) &&
    !termEnding.test(name) &&
    !otherEnding.test(name)
  );
}

/** A known name that is no word, place or eponym besides. */
export const isSurelyKnown = (part: string): boolean =>
  (isGiven(part) || isFamily(part)) && !isWord(part) && isUnknown(part);

/** A word with a capital that nothing forbids to be a person's. */
export const mayBeName = (part: string): boolean =>
  isUnknown(part) || (/^\p{Lu}/u.test(part) && (isGiven(part) || isFamily(part)) && !terms.has(plain(part)));

const otherEnding =
  /(?:ing|tion|sion|ment|ness|ity|ical|ally|ous|ive|ism|ist|logy|graphy|ectomy|otomy|scopy|plasty|cyte|ase|ate|ated|ized|ised|ization|phil|philia|gen|genic|trophic|coccus|bacter|bacterium|ella|cillin|cycline|floxacin|oxin|zole|vir|dipine|olol|mide|zine|pine|done|pam|lam|caine|parin|gliptin|gliflozin|tide|feron|kinra|cept|dronate|setron|triptan|lukast|terol|sone|lone|drine|amine|oid|oids|plasm|pathic|cardia|uria|algia|plegia|paresis|penia|rrhea|rrhoea|rrhage|megaly|lysis|stasis|genesis|ular|inal|ial|ary|able|ible|ful|less|ship|hood|wise|ward|ysis|sis|itis|xis|ics)$/iu;

/** Latin letters that English has not. */
const foreign = /[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]/u;
/** An unknown word with such a letter. */
export const isForeign = (part: string): boolean => foreign.test(part) && isUnknown(part);
