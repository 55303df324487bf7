/** Parts of words that British and American medicine write differently, the British first. */
const parts =
  `aemi emi|aemo emo|haemat hemat|anaes anes|paed ped|oedem edem|oesoph esoph|oestr estr|foet fet|rrhoea rrhea|
  pnoea pnea|leukaem leukem|leukaem leucem|caesar cesar|gynaec gynec|faec fec|coeli celi|caec cec|aetiol etiol|
  homoeo homeo|manoeuv maneuv|sulph sulf|tumour tumor|colour color|behaviour behavior|labour labor|odour odor|
  humour humor|rigour rigor|favour favor|vapour vapor|fibre fiber|litre liter|metre meter|centre center|titre titer|
  calibre caliber|programme program|ageing aging|counsell counsel|labell label|licence license|aluminium aluminum|
  sceptic skeptic|uraem urem|lipaem lipem|synaes synes|palaeo paleo|orthopaed orthoped|neighbour neighbor`
    .split("|")
    .map((pair) => pair.trim().split(" ") as [string, string]);

const endings: [british: RegExp, toAmerican: string, american: RegExp, toBritish: string][] = [
  [/isation(s?)$/, "ization$1", /ization(s?)$/, "isation$1"],
  [/is(e|ed|es|ing)$/, "iz$1", /iz(e|ed|es|ing)$/, "is$1"],
  [/ys(e|ed|es|ing)$/, "yz$1", /yz(e|ed|es|ing)$/, "ys$1"],
];

/**
 * What the word would be in the other spelling, British or American (the differences that the AMA Manual of Style and
 * Fowler list). Rules alone make non-words too ("memory" gives "maemory"): only what documents write may be used.
 * @param word in lower case
 */
export function otherSpellings(word: string): string[] {
  if (word.length < 5 || !/^\p{L}+$/u.test(word)) return [];
  const found = new Set<string>();
  for (const [british, american] of parts) {
    if (word.includes(british)) found.add(word.replace(british, american));
    else if (word.includes(american)) found.add(word.replace(american, british));
  }
  for (const [british, toAmerican, american, toBritish] of endings) {
    if (british.test(word)) found.add(word.replace(british, toAmerican));
    if (american.test(word)) found.add(word.replace(american, toBritish));
  }
  // "haemorrhoidectomised" differs in two places.
  const twice = [...found].flatMap((once) =>
    endings.flatMap(([british, toAmerican, american, toBritish]) =>
      british.test(once)
        ? [once.replace(british, toAmerican)]
        : american.test(once)
          ? [once.replace(american, toBritish)]
          : [],
    ),
  );
  return [...new Set([...found, ...twice])].filter((other) => other !== word);
}
