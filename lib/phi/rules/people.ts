import type { FoundIdentifier } from "../types.ts";
import { familyEnding, familyNames } from "../words/family-names.ts";
import { givenNames } from "../words/given-names.ts";
import { commonWords, eponymHead, eponyms, wordLikeNames } from "../words/medicine.ts";
import { anyCase, escaped, matches, plain } from "./matching.ts";

const open = "(?<![\\p{L}\\p{N}])";
const shut = "(?![\\p{L}\\p{N}])";
/** A capitalised word: Smith, O'Neill, Smith-Jones, SMITH; a possessive is left outside. */
const word = "\\p{Lu}[\\p{L}\\p{M}]*(?:(?:[’'](?!s(?![\\p{L}]))|-)\\p{L}[\\p{L}\\p{M}]+)*";
const initial = "\\p{Lu}\\.?(?![\\p{L}’'])";
const particle = "(?:de|da|do|dos|del|della|di|la|le|van|von|der|den|ter|bin|ibn|al|el|y|af|zu)";
const suffix = "(?:,? (?:Jr|Sr|II|III|IV)\\b\\.?)?";
const more = `(?:[ \\t](?:${initial}(?=[ ,]\\p{Lu})|(?:${particle} ){1,2}${word}|${word}))`;
const full = `${word}(?:[ \\t]${initial}){0,2}${more}{0,3}${suffix}`;
/** Initials and a family name: J. Smith, A B Jones. */
const initials = `(?:\\p{Lu}\\.? ?){1,3} ?${word}`;
const lower = "[\\p{Ll}][\\p{L}\\p{M}’'-]+";

const titles =
  "(?:[Mm]rs?|[Mm]s(?=\\.? \\p{Lu})|ms\\.|MRS?|Miss|[Dd]rs?|DR|Prof(?:essor)?|Sir|Dame|Lord|Lady|Rev(?:erend)?|Fr|Mx|Nurse|Sister|Señora?|Herr|Frau|Mme|Mlle|Monsieur|Madame)";
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
const patient = new RegExp(
  `${open}(?:[Pp]atients?|[Pp]t\\.?|PATIENT|[Cc]lient|[Rr]esident|[Ii]npatient|[Cc]ase of|for|[Ss]aw|[Ss]een|[Rr]eviewed|[Ww]ith|about|regarding|[Dd]iscussed with|[Ff]rom|[Bb]y|[Uu]nder(?: the care of)?|[Rr]eferred (?:by|to)|[Aa]dmitted|[Dd]ischarged|[Aa]ttended by|[Ss]poke (?:to|with)|add|care of|[Ff]ollow up with|remove) (?<x>${initials}|${full})${shut}`,
  "dgu",
);
const relation = new RegExp(
  `${open}(?:[Hh]is|[Hh]er|[Mm]y|[Tt]heir|[Oo]ur|[Tt]he patient['’]s|[Pp]atient['’]s|(?:${word})['’]s)\\s(?:\\w+ )?(?:wife|husband|spouse|partner|son|daughter|kid|child|baby|mother|father|mum|mom|dad|brother|sister|twin|uncle|aunt|niece|nephew|cousin|grandmother|grandfather|grandson|granddaughter|carer|caregiver|guardian|neighbou?r|friend|colleague|boss|GP|doctor|physician|nurse|consultant|surgeon|dentist|pharmacist|oncologist|cardiologist|neurologist|therapist|social worker)s?,?\\s(?:\\(|is called |was called |named |is |Dr\\.? )?(?<x>${full})${shut}`,
  "dgu",
);
/** What only people do or have. */
const personal = new RegExp(
  `${open}(?<x>${full})(?=['’]s (?:address|phone|number|birthday|date of birth|dob|record|chart|notes|results?|wife|husband|son|daughter|mother|father|family|blood|medication|killers|appointment|INR|potassium|creatinine|scan)|\\s?[,(]{0,2}\\s?(?:DOB|D\\.O\\.B|dob\\b|d\\.o\\.b|MRN|NHS(?: no| number|:)|[Hh]osp(?:ital)? (?:no|number)|born (?:on|in|\\d)|aged? \\d|date of birth)|,? (?:is|was) (?:an? )?\\d{1,3}[ -]?(?:y|yo|y/o|year|yr)|,? \\(?\\d{1,3}[ -]?(?:yo|y/o|yrs?|years?|[MF])\\b|, \\d{1,3}, |,? \\(\\d{1,3}[MF]?\\)| (?:lives|lived|resides|lodges) (?:at|in|on|alone|with)| (?:said|says|asked|told|called|phoned|rang|complains|complained|reports that|attended|shouted|spent|had given)\\b| (?:was|is being|has been) (?:admitted|discharged|referred|reviewed|seen|transferred|born)| will be talking| from (?:\\p{Lu}\\p{L}+ ){1,3}is)`,
  "dgu",
);
const commaName = new RegExp(
  `${open}(?<x>${word}, ?${word}(?: ${initial})?)(?=\\s?[,(;]|\\s+(?:DOB|MRN|NHS|\\d{1,3}\\s?(?:y|M|F))|\\s*$|\\n|\\.)`,
  "dgu",
);
const capitalised = new RegExp(
  `${open}${word}(?:[ \\t](?:${initial}|(?:${particle} ){0,2}${word})){0,4}${suffix}${shut}`,
  "gu",
);
const patientLower = new RegExp(
  `${open}(?:[Pp]atient|[Pp]t|PT) (?<x>(?<given>[a-z]{3,15}) (?<family>[a-z][a-z’'-]{2,20}))${shut}`,
  "dgu",
);
const lowerPair = new RegExp(`${open}(?<x>(?<given>[a-z]{3,15}) (?<family>[a-z][a-z’'-]{2,20}))${shut}`, "dgu");

/** Names of persons: after titles, labels, relations and words for patients, before what only people do, or known ones. */
export function findPeople(text: string): FoundIdentifier[] {
  const certain = [
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
  ].map((found) => trimmed(text, found));
  const likely = [
    ...matches(text, patient, "name", (match) => isLikely(text, match)),
    ...matches(text, personal, "name", (match) => isPersonal(text, match)),
    ...matches(text, commaName, "name", (match) => isCommaName(x(match))),
    ...knownNames(text),
    ...matches(text, lowerPair, "name", isLowerPair),
    ...matches(text, patientLower, "name", isPatientLower),
  ].map((found) => trimmed(text, found));
  const found = [...certain, ...likely].filter(({ start, end }) => end > start);
  return [...found, ...mentionedAgain(text, found)];
}

const x = (match: RegExpExecArray): string => match.groups?.x ?? match[0];
const inside = (isOne: (name: string) => boolean) => (match: RegExpExecArray) => isOne(x(match));
const partsOf = (name: string): string[] => name.split(/[\s,]+/).filter((part) => part.replace(/\W/g, "").length > 1);

function isGiven(part: string): boolean {
  const name = plain(part);
  return givenNames.has(name) || (name.includes("-") && name.split("-").every((half) => givenNames.has(half)));
}

function isFamily(part: string): boolean {
  const name = plain(part);
  return (
    familyNames.has(name) ||
    familyEnding.test(part) ||
    (/^(?:o'|mc|mac)\p{L}{3}/u.test(name) && /^(?:O['’]|Mc|Mac)\p{Lu}/u.test(part))
  );
}

const isCommon = (part: string) => commonWords.has(plain(part)) && !givenNames.has(plain(part));
/** A word that a family may be called by as well, behind a given name: "Anna White". */
const mayEnd = (part: string) => !isCommon(part) || familyNames.has(plain(part));
const isWord = (part: string) => isCommon(part) || wordLikeNames.has(plain(part));
const termEnding =
  /(?:itis|osis|emia|aemia|pathy|oma|ine|ol|ide|mab|nib|syndrome|virus|illin|mycin|azole|statin|pril|sartan)$/iu;
const isAbbreviation = (part: string) => /^[\p{Lu}\p{N}-]{2,5}$/u.test(part);

/** Nothing in it but what may be a name. */
function isNameLike(name: string): boolean {
  const first = partsOf(name)[0];
  return first !== undefined && !isCommon(first);
}

function isKnown(name: string): boolean {
  return partsOf(name).some((part) => (isGiven(part) || isFamily(part)) && !isWord(part));
}

/** What follows makes a term of it: "Wells score". */
function isEponym(text: string, match: { index: number; indices?: RegExpIndicesArray } & RegExpExecArray): boolean {
  const end = match.indices?.groups?.x?.[1] ?? match.index + match[0].length;
  return eponymHead.test(text.slice(end, end + 80));
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
    /^(?:['’]s (?:address|phone|birthday|date|dob|killers|family|wife|husband|mother|father)|\s?[,(]{0,2}\s?(?:DOB|D\.O\.B|dob|d\.o\.b|MRN|NHS|[Hh]osp)|,? (?:is|was) (?:an? )?\d|,? \(?\d{1,3}[ -]?(?:yo|y\/o|[MF]\b)| (?:lives|lived|resides))/.test(
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

/** Runs of capitalised words with a known given name before another, or with a family name behind one that is none of medicine. */
function knownNames(text: string): FoundIdentifier[] {
  const found: FoundIdentifier[] = [];
  for (const match of text.matchAll(capitalised)) {
    if (eponymHead.test(text.slice(match.index + match[0].length, match.index + match[0].length + 80))) continue;
    const words = [...match[0].matchAll(/\S+/gu)].map((one) => ({
      word: one[0].replace(/[,.]$/, ""),
      start: match.index + one.index,
    }));
    const startsSentence = match.index === 0 || /[.!?:\n"“]\s*$/.test(text.slice(0, match.index));
    for (let at = 0; at < words.length; at += 1) {
      const name = nameAt(words, at, startsSentence);
      if (name === 0) continue;
      const last = words[at + name - 1];
      const first = words[at];
      if (!first || !last) continue;
      found.push({ start: first.start, end: last.start + last.word.length, type: "name" });
      at += name - 1;
    }
  }
  return found;
}

/** How many words from one on are a name; 0: none. */
function nameAt(words: { word: string }[], at: number, startsSentence: boolean): number {
  const wordAt = (place: number) => words[place]?.word ?? "";
  const first = wordAt(at);
  if (!first || isAbbreviation(first)) return 0;
  let length = 1;
  while (/^(?:\p{Lu}|de|da|do|dos|del|della|di|la|le|van|von|der|den|ter|bin|ibn|al|el)$/u.test(wordAt(at + length)))
    length += 1;
  const next = wordAt(at + length);
  const isNamed =
    next !== "" &&
    /^\p{Lu}/u.test(next) &&
    mayEnd(next) &&
    !isAbbreviation(next) &&
    !/(?:itis|osis|emia|aemia|pathy|oma|syndrome|mab|nib|virus)$/iu.test(next);
  if (isNamed && isGiven(first) && !isCommon(first)) {
    const isSafe =
      isWord(first) || eponyms.has(plain(first))
        ? isFamily(next) && !eponyms.has(plain(next))
        : !eponyms.has(plain(next)) || isFamily(next);
    if (!isSafe) return 0;
    length += 1;
    while (length < 5 && isNameEnd(wordAt(at + length))) length += 1;
    return length;
  }
  if (
    isNamed &&
    isFamily(next) &&
    !familyNames.has(plain(first)) &&
    !isCommon(first) &&
    !eponyms.has(plain(first)) &&
    !eponyms.has(plain(next)) &&
    /\p{Ll}/u.test(first)
  ) {
    return length > 1 || familyEnding.test(next) || !startsSentence || at > 0 ? length + 1 : 0;
  }
  // "Alvir D. Pusaver": a single letter in the middle
  const hasInitial = length === 2 && /^\p{Lu}\.?$/u.test(wordAt(at + 1)) && !/^[IVX]$/.test(wordAt(at + 1));
  if (
    isNamed &&
    hasInitial &&
    !isCommon(next) &&
    !isCommon(first) &&
    !lettered.test(first) &&
    /^\p{Lu}\p{Ll}+/u.test(first) &&
    !eponyms.has(plain(first))
  )
    return 3;
  const isAlone =
    length === 1 &&
    isGiven(first) &&
    !isWord(first) &&
    !isCommon(first) &&
    !eponyms.has(plain(first)) &&
    /\p{Ll}/u.test(first);
  return isAlone && first.length > 2 ? 1 : 0;
}

/** What has a letter behind it that is no initial: "Hepatitis B Virus". */
const lettered =
  /^(?:hepatitis|influenza|vitamins?|streptococc\w+|factor|group|type|protein|complement|immunoglobulin|coenzyme|haemophilia|hemophilia|botulinum|amphotericin|polymyxin|cyclosporine?|troponin|cystatin|phase|stage|class|child-pugh|provitamin|apolipoprotein|lipoprotein|interleukin|toxin|x|chromosome|mitomycin|bleomycin|penicillin|cathepsin|hemoglobin|haemoglobin)$/iu;

const isNameEnd = (part: string) =>
  part !== "" && /^\p{Lu}/u.test(part) && (isFamily(part) || /^(?:Jr|Sr|II|III|IV)$/.test(part)) && !isCommon(part);

function isLowerPair(match: RegExpExecArray): boolean {
  const { given = "", family = "" } = match.groups ?? {};
  return (
    givenNames.has(given) &&
    familyNames.has(plain(family)) &&
    !wordLikeNames.has(given) &&
    !commonWords.has(given) &&
    !commonWords.has(family) &&
    !lowerWords.has(family) &&
    !eponyms.has(given) &&
    !eponyms.has(family)
  );
}

/** Behind a word for a patient an eponym is a name too: "pt john smith". */
function isPatientLower(match: RegExpExecArray): boolean {
  const { given = "", family = "" } = match.groups ?? {};
  const isFamilyName = familyNames.has(plain(family)) && !commonWords.has(family) && !lowerWords.has(family);
  return givenNames.has(given) && !wordLikeNames.has(given) && !commonWords.has(given) && isFamilyName;
}

/** Family names that are words when they are written small. */
const lowerWords = new Set(
  "bell baker ball banks barber beck berry bird bishop bond booth bridges brooks brown bull bush butler carpenter carter castle chandler chapman clay cole collier cook cooper cross curry day dean duke field fields fisher fletcher flowers ford fox french friend frost fuller gardener gardner garner gay gill glass glover goodman grant graves gray green greene grimes hale hall hammond hancock hand hart heath hill hobbs hodge holland hood hooper hope house hull hunt hunter hurst joy judge kane kent key king kirk knight knowles lamb lane law leach little long love low lowe manning march marsh mason may mead merchant mercer mills moody moon moore moss myers noble norm norman page palmer park parks parson payne peck penny perry pike pitts pollard poole pope porter potter power powers price pride pugh quick rains reed reese reeves rhodes rich rose rush sage savage sawyer sharp shepherd short silva skinner slater sloan small snow sparks spears speed spencer spring stark steel steele stern stone street strong sutton swan sweet tate taylor temple tucker turner tyler wade wagner walker wall walls walters ward ware warner waters watts weaver webb weeks wells west wheeler white wilder wise wolf wood woods wright yates york young lee li lin lam lim ito said tan ali bin das do due hu le li long may so to sun son than tran van wu xu yu zhou eze choi cho kaya moss moran".split(
    " ",
  ),
);

/** Trailing words that are none of the name: "Anna Smith Hospital" keeps the place's own rule. */
function trimmed(text: string, found: FoundIdentifier): FoundIdentifier {
  let { end } = found;
  for (;;) {
    const name = text.slice(found.start, end);
    const last = /[\s,]+(\S+)$/u.exec(name);
    const lastWord = last?.[1]?.replace(/[.,]$/, "") ?? "";
    if (last && (isCommon(lastWord) || /^(?:de|da|del|van|von|al|el|la|le)$/.test(lastWord)))
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
