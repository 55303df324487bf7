import type { FoundIdentifier } from "../../types.ts";
import { eponyms } from "../../words/medicine.ts";
import { matches, plain } from "../matching.ts";
import { full, initial, initials, open, shut, word } from "./forms.ts";
import {
  isAbbreviation,
  isCommon,
  isEponym,
  isFamily,
  isGiven,
  isKnown,
  isWord,
  partsOf,
  termEnding,
  x,
} from "./parts.ts";

const patient = new RegExp(
  `${open}(?:[Pp]atients?|[Pp]t\\.?|PATIENT|[Cc]lient|[Rr]esident|[Ii]npatient|[Cc]ase of|for|[Ss]aw|[Ss]een|[Rr]eviewed|[Ww]ith|about|regarding|[Dd]iscussed with|[Ff]rom|[Bb]y|[Uu]nder(?: the care of)?|[Rr]eferred (?:by|to)|[Aa]dmitted|[Dd]ischarged|[Aa]ttended by|[Ss]poke (?:to|with)|add|care of|[Ff]ollow up with|remove) (?<x>${initials}|${full})${shut}`,
  "dgu",
);
/** What only people do or have. */
const personal = new RegExp(
  `${open}(?<x>${full})(?=['’]s (?:address|phone|number|birthday|date of birth|dob|record|chart|notes|results?|wife|husband|son|daughter|mother|father|family|blood|medication|killers|appointment|INR|potassium|creatinine|scan|song|parents|children|kids|brother|sister|partner|girlfriend|boyfriend|grand\\w+|house|home|flat|room|bed|car|job|school|e-?mail|letter|account|passport|carer|GP|doctor|nurse|funeral|death|behalf|weight|dose|insulin|tablets)|\\s?[,(]{0,2}\\s?(?:DOB|D\\.O\\.B|dob\\b|d\\.o\\.b|MRN|NHS(?: no| number|:)|[Hh]osp(?:ital)? (?:no|number)|born (?:on|in|\\d)|aged? \\d|date of birth)|,? (?:is|was) (?:an? )?\\d{1,3}[ -]?(?:y|yo|y/o|year|yr)|,? \\(?\\d{1,3}[ -]?(?:yo|y/o|yrs?|years?|[MF])\\b|, \\d{1,3}, |,? \\(\\d{1,3}[MF]?\\)| (?:lives|lived|resides|lodges) (?:at|in|on|alone|with)| (?:said|says|asked|told|called|phoned|rang|complains|complained|reports that|attended|shouted|spent|had given)\\b| (?:was|is being|has been) (?:admitted|discharged|referred|reviewed|seen|transferred|born)| will be talking| from (?:\\p{Lu}\\p{L}+ ){1,3}is)`,
  "dgu",
);
const commaName = new RegExp(
  `${open}(?<x>${word}, ?${word}(?: ${initial})?)(?=\\s?[,(;]|\\s+(?:DOB|MRN|NHS|\\d{1,3}\\s?(?:y|M|F))|\\s*$|\\n|\\.)`,
  "dgu",
);

/** Names after words that a person may follow, before what only people do, and "Smith, Anna". */
export function likelyNames(text: string): FoundIdentifier[] {
  return [
    ...matches(text, patient, "name", (match) => isLikely(text, match)),
    ...matches(text, personal, "name", (match) => isPersonal(text, match)),
    ...matches(text, commaName, "name", (match) => isCommaName(x(match))),
  ];
}

/** After a word that may be followed by a person or by anything else. */
function isLikely(text: string, match: RegExpExecArray): boolean {
  const name = x(match);
  const parts = partsOf(name);
  const cue = match[0]
    .slice(0, match[0].length - name.length)
    .trim()
    .toLowerCase();
  const [first, last] = [parts[0], parts.at(-1)];
  if (!first || !last || isCommon(first) || isEponym(text, match)) return false;
  if (parts.some((part) => isAbbreviation(part) && !isGiven(part) && !isFamily(part))) return false;
  const isOfPatient =
    /^(?:patients?|pt\.?|client|resident|inpatient|saw|discussed with|spoke (?:to|with)|follow up with|referred (?:by|to)|under|care of|under the care of)$/.test(
      cue,
    );
  if (/^(?:\p{Lu}\.? ?){1,3}\p{Lu}\p{Ll}/u.test(name))
    return (
      isOfPatient &&
      /^\p{Lu}(?:\.| )/u.test(name) &&
      !eponyms.has(plain(last)) &&
      !isCommon(last) &&
      (isFamily(last) || (isOfPatient && /^(?:patients?|pt\.?|saw|spoke (?:to|with)|referred (?:by|to))$/.test(cue)))
    );
  if (parts.length > 1) {
    if (isGiven(first) && !isCommon(last)) return !eponyms.has(plain(last)) || isFamily(last);
    if (isFamily(last) && !eponyms.has(plain(first)) && !parts.some(isCommon))
      return isOfPatient || !eponyms.has(plain(last));
    // Two unknown words: only behind a word for a patient
    return (
      isOfPatient &&
      cue !== "under" &&
      parts.every((part) => !isCommon(part) && !eponyms.has(plain(part)) && !isAbbreviation(part)) &&
      !parts.some((part) => termEnding.test(part))
    );
  }
  if (!isOfPatient) return isGiven(first) && !isWord(first) && !eponyms.has(plain(first));
  return (
    (isGiven(first) || isFamily(first)) &&
    !eponyms.has(plain(first)) &&
    (!isWord(first) || /^(?:patient|pt\.?|saw|spoke)/.test(cue))
  );
}

/** Before what only people do. */
function isPersonal(text: string, match: RegExpExecArray): boolean {
  const name = x(match);
  const parts = partsOf(name);
  const behind = text.slice(match.index + match[0].length);
  if (parts.some((part) => isCommon(part) || (eponyms.has(plain(part)) && parts.length < 2)))
    return parts.length > 1 && !parts.some((part) => isCommon(part)) ? isKnown(name) : false;
  if (isKnown(name)) return !isEponym(text, match);
  if (parts.some(isAbbreviation)) return false;
  const isSure =
    /^(?:['’]s (?:address|phone|birthday|date|dob|killers|family|wife|husband|mother|father|song|parents|children|kids|brother|sister|partner|girlfriend|boyfriend|house|flat|car|job|school|e-?mail|letter|passport|carer|GP|funeral)|\s?[,(]{0,2}\s?(?:DOB|D\.O\.B|dob|d\.o\.b|MRN|NHS|[Hh]osp)|,? (?:is|was) (?:an? )?\d|,? \(?\d{1,3}[ -]?(?:yo|y\/o|[MF]\b)| (?:lives|lived|resides))/.test(
      behind,
    );
  return isSure
    ? parts.length > 0 &&
        (match.index > 0 || parts.length > 1 || /lives|resides|address|DOB|dob|MRN|is a \d/.test(behind.slice(0, 20)))
    : parts.length > 1 && !parts.some((part) => termEnding.test(part));
}

function isCommaName(name: string): boolean {
  const [family = "", given = ""] = name.split(/, ?/);
  const first = given.split(" ")[0] ?? "";
  if (isCommon(family) || isCommon(first)) return false;
  return isGiven(first) && !isWord(first) && (isFamily(family) || /^\p{Lu}{2,}$/u.test(family)) && !isGiven(family);
}
