import type { FoundIdentifier } from "../../types.ts";
import { familyEnding, familyNames } from "../../words/family-names.ts";
import { eponymHead, eponyms, wordLikeNames } from "../../words/medicine.ts";
import { plain } from "../matching.ts";
import { capitalised } from "./forms.ts";
import { isAbbreviation, isCommon, isFamily, isGiven, isSurelyKnown, isUnknown, isWord, mayEnd } from "./parts.ts";

/** Runs of capitalised words with a known given name before another, or with a family name behind one that is none of medicine. */
export function knownNames(text: string): FoundIdentifier[] {
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
  // "Brad L King", whatever the last word means besides
  if (length === 2 && /^\p{Lu}$/u.test(wordAt(at + 1)) && isSurelyKnown(first) && /^\p{Lu}\p{Ll}/u.test(next)) return 3;
  if (isNamed && isGiven(first) && !isCommon(first)) {
    const isSafe =
      isWord(first) || eponyms.has(plain(first))
        ? !eponyms.has(plain(next)) && (isFamily(next) || (!wordLikeNames.has(plain(first)) && isUnknown(next)))
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
