import type { FoundIdentifier } from "../../types.ts";
import { eponymHead } from "../../words/medicine.ts";
import { capitalised, open, shut, word } from "./forms.ts";
import { isForeign, isSurelyKnown, isUnknown, mayBeName, partsOf } from "./parts.ts";

/** What a person stands behind, and hardly anything else. */
const before =
  /(?<![\p{L}])(?:add|remove|invite|asked|told|met|meet|thank|thanked|e-?mail|inform|informed|remind|starring|featuring|hi|hello|hey|dear|yours|thanks|regards|wishes|sincerely|it['’]s under|by(?=.$))[,:]? $/iu;
const clauseEnds = /^(?:[.,;)!?"”]|\s*$| (?:yesterday|today|last|this|on|in \d|as)\b)/u;
const said =
  "(?:said|says|asked|asks|told|tells|replied|replies|answered|explained|explains|shouted|shouts|cried|yelled|whispered|laughed|smiled|exclaimed|complained|complains|insisted|insists|mentioned|mentions|admitted|admits|denies|denied|wonders|wondered|thinks|thought|believes|believed|recalls|recalled|phoned|rang|texted|e-?mailed|called|wrote)";
const speech = [
  new RegExp(`["”'’],? ${said} (?<x>${word}(?: ${word}){0,2})${shut}`, "dgu"),
  new RegExp(
    `${open}(?<x>${word}(?: ${word}){0,2})(?:, [^,.\\n"“]{3,40},)? ${said}(?::| (?:at|to) \\p{Lu}|,? ["“])`,
    "dgu",
  ),
];
/** One word at the head of a sentence, before what is said of persons. */
const deeds = new RegExp(
  `(?:^|[.!?\\n] ?)(?<x>${word}) (?:(?:is|comes|came) from \\p{Lu}|lives |lived |weighs |fell |collapsed|fainted|vomited|smokes|drinks |feels |felt |denies |refuses |wants |wishes |cannot |can['’]t |is (?:pregnant|allergic|intolerant|breastfeeding|worried|scared|anxious|vomiting|diabetic|unwell|upset|now \\d|\\d{1,3}\\b|an? \\d{1,3}\\b|a (?:smoker|patient|diabetic|man|woman|girl|boy|lady|gentleman|child))|was (?:admitted|discharged|born|diagnosed|referred|seen|brought)|has (?:no known|been (?:admitted|discharged|diagnosed|unwell|vomiting|complaining|referred)|had (?:a fall|two|three|a stroke|a seizure))|takes (?:his|her|\\p{L}+ \\d)|and (?:his|her) (?:wife|husband|partner|son|daughter|mother|father|family|parents)|called |texted |phoned )`,
  "dgu",
);
/** One word behind a word for somebody's own. */
const owned = new RegExp(
  `${open}(?:mother|father|wife|husband|daughter|son|sister|brother|niece|nephew|widow|widower|behalf|gender|birthday|handwriting|signature|photo|picture) of (?<x>${word})(?! \\p{Lu})${shut}`,
  "dgu",
);

/** Capitalised words that are no word of medicine or of English, where a person would stand. */
export function strangeNames(text: string): FoundIdentifier[] {
  const found: FoundIdentifier[] = [];
  const take = (pattern: RegExp, isOne: (part: string) => boolean) => {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.x ?? [0, 0];
      const parts = partsOf(text.slice(start, end));
      if (parts.length > 0 && parts.every(isOne)) found.push({ start, end, type: "name" });
    }
  };
  if (/["“:]|(?:at|to) \p{Lu}/u.test(text)) for (const pattern of speech) take(pattern, mayBeName);
  take(deeds, isUnknown);
  take(owned, isUnknown);
  if (isTitleCase(text)) return found;
  for (const match of text.matchAll(capitalised)) {
    const name = match[0];
    const end = match.index + name.length;
    const behind = text.slice(end, end + 80);
    if (eponymHead.test(behind) || /^[’']?s? (?:et al|and colleagues|\(?(?:19|20)\d\d)/u.test(behind)) continue;
    const parts = partsOf(name);
    if (parts.length === 0 || !parts.every(mayBeName)) continue;
    const isPair = parts.length === 2 || parts.length === 3;
    const isTold =
      isPair &&
      clauseEnds.test(behind) &&
      before.test(text.slice(Math.max(0, match.index - 20), match.index)) &&
      !/s$/u.test(name);
    if (isTold || (isPair && parts.some((part) => isSurelyKnown(part))) || parts.some(isForeign))
      found.push({ start: match.index, end, type: "name" });
  }
  return found;
}

function isTitleCase(text: string): boolean {
  const words = text.match(/\p{L}{4,}/gu) ?? [];
  return words.length > 5 && words.filter((one) => /^\p{Lu}/u.test(one)).length > words.length * 0.6;
}
