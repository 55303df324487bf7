import { isOftenUnsaid, unitOf, unitPattern } from "./units.ts";

/** A number as written, with the unit behind it where there is one. */
interface Quantity {
  value: string;
  /** With what it is counted against, `mg/kg`, but without the days of a daily dose. */
  unit: string | null;
  /** `day` of "5 mg daily" and "5 mg/day". */
  each: string | null;
}

const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ones = "one two three four five six seven eight nine".split(" ");
const numberWords = new Map<string, string>([
  ...["zero", ...ones].map((word, value) => [word, String(value)] as const),
  ..."ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    .split(" ")
    .map((word, value) => [word, String(value + 10)] as const),
  ...tens.map((word, at) => [word, String(20 + 10 * at)] as const),
  ...tens.flatMap((ten, at) => ones.map((one, more) => [`${ten}-${one}`, String(20 + 10 * at + more + 1)] as const)),
  ["hundred", "100"],
  ["thousand", "1000"],
  ["million", "1000000"],
  ["half", "½"],
]);
const timesWords = new Map([
  ["once", "1"],
  ["twice", "2"],
  ["thrice", "3"],
]);
const eachWords = new Map(
  Object.entries({ day: "daily,a day,each day,every day,al día", week: "weekly,a week,each week,every week" }).flatMap(
    ([unit, spellings]) => spellings.split(",").map((spelling) => [spelling, unit] as const),
  ),
);
const longTimes = new Set(["day", "week", "month", "year"]);

const ends = "(?![\\p{L}\\p{N}])";
const unit = `(?:${unitPattern})${ends}`;
const each = [...eachWords.keys()].join("|").replaceAll(" ", "\\s+");
const fractions = "½¼¾⅓⅔⅛⅜⅝⅞";
// Digits with separators (a space groups thousands), a bare decimal, fractions, powers of ten as superscripts.
const digits = `(?:\\d{1,3}(?:[ \\u00A0\\u2009\\u202F]\\d{3})+(?!\\d)(?:[.,·]\\d+)?|\\d+(?:[.,·]\\d+)*|[.·]\\d+)`;
const words = [...numberWords.keys()]
  .filter((word) => word !== "one" && word !== "half")
  .sort((left, right) => right.length - left.length)
  .join("|");
// "one" and "once" are more often no number: they count before a unit, and before what they are counted against.
const number = [
  `${digits}[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*[${fractions}]?`,
  `[${fractions}]`,
  `(?:${words})${ends}`,
  `half(?![\\s-]*li[fv]e)${ends}`,
  `one(?=[\\s-]*${unit})`,
  `(?:twice|thrice)${ends}`,
  `once(?=\\s+(?:(?:${each})${ends}|per\\b|every\\b))`,
].join("|");
const quantityPattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<number>${number})(?:\\s*[-\\u2010\\u2011]?\\s*(?<unit>${unit}))?` +
    `(?<per>(?:\\s*(?:\\/|\\bper\\b)\\s*${unit})*)(?:\\s+(?:once\\s+)?(?<each>${each})${ends})?`,
  "giu",
);
const perPattern = new RegExp(`(?:\\/|\\bper\\b)\\s*(${unit})`, "giu");
const joinPattern = /^\s*(?:to|or|and|versus|vs\.?|-|–|—|\/)\s*$/i;
const marker = new RegExp(`\\[\\d+(?:\\s*[,–-]\\s*\\d+)*\\](?!\\s*${unit})`, "giu");

/**
 * The number lock: every number of a sentence, with its unit, must stand in its quotes. Written-out numbers count as
 * digits; thousands separators and spellings of a unit do not matter. What a dose is counted against (`mg/kg`) belongs
 * to its unit; "daily" may be left out but not put in. A bare number does not stand on a percentage or an amount.
 * @returns the first number that the quotes do not hold, as written; null when all stand
 */
export function unsupportedNumber(sentence: string, quotes: string[]): string | null {
  const held = quotes.flatMap((quote) => quantitiesOf(quote).map(({ quantity }) => quantity));
  const missing = quantitiesOf(sentence).find(({ quantity }) => !held.some((other) => supports(other, quantity)));
  return missing?.written ?? null;
}

function supports(held: Quantity, said: Quantity): boolean {
  if (held.value !== said.value || (said.each !== null && held.each !== said.each)) return false;
  return held.unit === said.unit || (said.unit === null && held.unit !== null && isOftenUnsaid(held.unit));
}

function quantitiesOf(text: string): { quantity: Quantity; written: string }[] {
  const bare = text.replace(marker, " ");
  const matches = [...bare.matchAll(quantityPattern)];
  const quantities = matches.map((match) => ({ quantity: quantityOf(match), written: match[0].trim() }));
  // "5 to 10 mg", "5–10 mg", "5 or 10 mg": the first number has the second one's unit.
  for (let index = matches.length - 2; index >= 0; index -= 1) {
    const [current, next] = [quantities[index], quantities[index + 1]];
    if (!current || !next || current.quantity.unit !== null || current.quantity.each !== null) continue;
    const between = bare.slice(
      (matches[index]?.index ?? 0) + (matches[index]?.[0].length ?? 0),
      matches[index + 1]?.index,
    );
    if (joinPattern.test(between)) current.quantity = { ...next.quantity, value: current.quantity.value };
  }
  return quantities;
}

function quantityOf(match: RegExpExecArray): Quantity {
  const { number: written = "", unit: first, per = "", each: eachWord } = match.groups ?? {};
  const times = timesWords.get(written.toLowerCase());
  const against = [...per.matchAll(perPattern)].map(([, spelling]) => unitOf(spelling ?? ""));
  const last = against.at(-1);
  const perTime = last !== undefined && longTimes.has(last) ? against.pop() : undefined;
  const own = first ? unitOf(first) : times ? "time" : null;
  const spoken = eachWord && eachWords.get(eachWord.toLowerCase().replace(/\s+/g, " "));
  return {
    value: times ?? normaliseNumber(written),
    unit: own === null && against.length === 0 ? null : [own ?? "", ...against].join("/"),
    each: spoken ?? perTime ?? null,
  };
}

/** One form for each number: `1,000` and `1 000` are 1000, `0,125` and `.125` are 0.125. */
function normaliseNumber(written: string): string {
  const word = numberWords.get(written.toLowerCase());
  if (word !== undefined) return word;
  const [, body = "", rest = ""] = /^([\d.,·\s]*)(.*)$/su.exec(written) ?? [];
  let plain = body.replace(/\s/g, "").replaceAll("·", ".");
  // A comma groups thousands only where thousands can stand; "0,125" is a decimal, a thousandfold less.
  if (/^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(plain)) plain = plain.replaceAll(",", "");
  else if (/^[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?$/.test(plain)) plain = plain.replaceAll(".", "").replace(",", ".");
  else if (/^\d+,\d+$/.test(plain)) plain = plain.replace(",", ".");
  if (/^\d*\.\d+$/.test(plain)) plain = plain.replace(/0+$/, "").replace(/\.$/, "").replace(/^\./, "0.");
  return plain.replace(/^0+(?=\d)/, "") + rest;
}
