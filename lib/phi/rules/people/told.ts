import type { FoundIdentifier } from "../../types.ts";
import { commonWords, eponymHead, eponyms } from "../../words/medicine.ts";
import { anyCase, matches, plain } from "../matching.ts";
import { full, initials, lower, open, shut, titles, word } from "./forms.ts";
import { inside, isAbbreviation, isCommon, isEponym, isKnown, isNameLike, partsOf, termEnding, x } from "./parts.ts";

const titled = new RegExp(`${open}${titles}\\.?[ \\t](?<x>${full}|${initials})${shut}`, "dgu");
/** Typed in a hurry: "mrs smith", "dr. jones". */
const titledLower = new RegExp(`${open}(?:mrs?|miss|mister|misses)\\.?[ \\t](?<x>${lower})${shut}`, "dgu");

const labels =
  "(?:full name|patient name|patient['’]s name|name of patient|name|surname|family name|last name|first name|forenames?|given names?|maiden name|middle name|next of kin|nok|patient|pt|re|cc|attn|attention|dear|signed(?: by)?|signature|referr(?:ed|ing)(?: by| physician| doctor| gp| clinician)|consultant|physician|surgeon|clinician|gp|carer|caregiver|guardian|emergency contact|contact|witness(?:ed by)?|seen by|dictated by|reported by|author|directed by|mother|father|son|daughter|wife|husband|spouse|partner|brother|sister|user)";
const labelled = new RegExp(
  `${open}${anyCase(labels)}(?:\\s?\\([^)]{1,20}\\))?[ \\t]*(?:[:=]|[-–] )[ \\t]*(?:${titles}\\.?[ \\t])?(?<x>${word},[ \\t]?${full}|${full}|${initials})${shut}`,
  "dgu",
);
const nameIs = new RegExp(
  `${open}(?:[Nn]ames?(?: here| on the account)?(?: is| was|['’]s)|['’]s name|[Nn]ames?[?:]|[Cc]orrect it to|[Cc]hange it to|[Cc]alls? (?:me|him|her)|called|(?:also )?known as|named|[Ii](?:['’]m| am)|[Tt]his is|[Aa]ttn:?|[Dd]ear|[Hh]ello,? this is|[Tt]hanks,|[Rr]egards,|[Ss]incerely,|[Cc]heers,)[ \\t\\n]+(?:${titles}\\.?[ \\t])?(?<x>${full})${shut}`,
  "dgu",
);
const nameIsLower = new RegExp(
  `${open}(?:name is|name:|maiden name is|people call me|patient['’]s name is|(?:pt|patient) (?:is )?(?:called|named))[ \\t]+(?<x>${lower}(?: ${lower})?)${shut}`,
  "dgiu",
);
const asUser = new RegExp(`(?:\\?|user:|User:)[ \\t]+(?<x>${full})(?=\\s*(?:$|\\n|[.]$))`, "dgu");
const relation = new RegExp(
  `${open}(?:[Hh]is|[Hh]er|[Mm]y|[Tt]heir|[Oo]ur|[Tt]he patient['’]s|[Pp]atient['’]s|(?:${word})['’]s)\\s(?:\\w+ )?(?:wife|husband|spouse|partner|son|daughter|kid|child|baby|mother|father|mum|mom|dad|brother|sister|twin|uncle|aunt|niece|nephew|cousin|grandmother|grandfather|grandson|granddaughter|carer|caregiver|guardian|neighbou?r|friend|colleague|boss|GP|doctor|physician|nurse|consultant|surgeon|dentist|pharmacist|oncologist|cardiologist|neurologist|therapist|social worker)s?,?\\s(?:\\(|is called |was called |named |is |Dr\\.? )?(?<x>${full})${shut}`,
  "dgu",
);
/** Names that the text says are some: after titles, labels and relations. */
export function toldNames(text: string): FoundIdentifier[] {
  return [
    ...matches(
      text,
      titled,
      "name",
      inside((name) => isNameLike(name) || /^(?:\p{Lu}\.? ?){1,3}\p{Lu}/u.test(name)),
    ),
    ...matches(text, titledLower, "name", (match) => isTitledLower(text, match)),
    ...matches(text, labelled, "name", (match) => isLabelled(match)),
    ...matches(text, nameIs, "name", (match) => isCalled(match)),
    ...matches(
      text,
      nameIsLower,
      "name",
      inside((name) => !name.split(" ").every((part) => commonWords.has(part))),
    ),
    ...matches(
      text,
      asUser,
      "name",
      inside((name) => isNameLike(name) && (isKnown(name) || /^\S+ \S+/.test(name) || text.length < 80)),
    ),
    ...matches(text, relation, "name", (match) => isNameLike(x(match)) && !isEponym(text, match)),
  ];
}

function isTitledLower(text: string, match: RegExpExecArray): boolean {
  const name = x(match);
  if (/^(?:imaging|scan|angiograph|spectroscop|venograph|enterograph|elastograph|cholangio)/.test(name)) return false;
  return !commonWords.has(name) && !/\d\s?$/.test(text.slice(0, match.index));
}

function isLabelled(match: RegExpExecArray): boolean {
  const name = x(match);
  if (!/^\p{Lu}/u.test(name) || !isNameLike(name)) return false;
  const parts = partsOf(name);
  if (
    /^(?:patient|pt|re|cc|user|contact|author|gp|mother|father|son|daughter|wife|husband|brother|sister|partner)\b/i.test(
      match[0],
    )
  ) {
    return (
      isKnown(name) ||
      (parts.length > 1 &&
        parts.length < 4 &&
        parts.every((part) => !isCommon(part) && !isAbbreviation(part) && !eponyms.has(plain(part))))
    );
  }
  return !parts.every(isAbbreviation) || parts.length > 1;
}

function isCalled(match: RegExpExecArray): boolean {
  const name = x(match);
  if (!isNameLike(name)) return false;
  // "known as Parkinson", "called CRP": named things, not persons
  if (/called|known as|named|[Tt]his is|[Ii]['’ ]/.test(match[0])) {
    const parts = partsOf(name);
    const isUnknownPair =
      parts.length > 1 &&
      parts.length < 4 &&
      parts.every(
        (part) => !isCommon(part) && !isAbbreviation(part) && !eponyms.has(plain(part)) && !termEnding.test(part),
      );
    return (
      (isKnown(name) ||
        (isUnknownPair && !/called|known as/.test(match[0])) ||
        (isUnknownPair && /\b(?:was|is) called$/.test(match.input.slice(0, match.index + 6)))) &&
      !eponymHead.test(match.input.slice(match.index + match[0].length, match.index + match[0].length + 60))
    );
  }
  return !partsOf(name).every(isAbbreviation);
}
