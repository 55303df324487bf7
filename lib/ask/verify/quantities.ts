import { type Bound, boundOf, type Change, changeOf } from "./bounds.ts";
import { smallNumbers, unifyNumbers, withFraction } from "./number-forms.ts";
import { unitOf, unitPattern } from "./units.ts";

/** A number as written, with the unit behind it where there is one, and what the words around make of it. */
export interface Quantity {
  value: string;
  /** With what it is counted against, `mg/kg`, but without the days of a daily dose. */
  unit: string | null;
  /** `day` of "5 mg daily" and "5 mg/day". */
  each: string | null;
  /** `2 time/day` or `every 8 h` of the dose that it follows: "5 mg twice daily". */
  frequency: string | null;
  /** An interval ("every 8 hours") or how long something goes on ("for 8 hours"). */
  role: "every" | "during" | null;
  bound: Bound | null;
  change: Change | null;
  written: string;
  /** The word before it, for names that are written apart: "GLP 1". */
  wordBefore: string;
}

export interface Quantities {
  all: Quantity[];
  /** Ends of what is written as a range: "5 to 10 mg", "5–10 mg", "between 5 and 10 mg". */
  ranges: [Quantity, Quantity][];
  /** Pairs that could be read as a range: anything that leads from one to the next. */
  pairs: [Quantity, Quantity][];
  /** How often, in words: `day` of "daily", `2 day` of "every other day". */
  periods: Set<string>;
}

const timesWords = new Map([
  ["once", "1"],
  ["twice", "2"],
  ["thrice", "3"],
  ["una", "1"],
]);
const eachSpellings: Record<string, string> = {
  day: "daily,a day,each day,every day,al día,por día,diarios,diarias,diario,diaria,cada día",
  week: "weekly,a week,each week,every week,a la semana,por semana,semanal,semanales,cada semana",
  month: "monthly,a month,each month,every month,al mes,mensual",
  year: "yearly,annually,a year,each year,every year,al año,anual",
};
const eachWords = new Map(
  Object.entries(eachSpellings).flatMap(([unit, spellings]) =>
    spellings.split(",").map((spelling) => [spelling, unit] as const),
  ),
);
const longTimes = new Set(["day", "week", "month", "year"]);
const times = new Set(["s", "min", "h", ...longTimes]);

const ends = "(?![\\p{L}\\p{N}])";
const unit = `(?:${unitPattern})${ends}`;
const each = [...eachWords.keys()]
  .sort((left, right) => right.length - left.length)
  .join("|")
  .replaceAll(" ", "\\s+");
const glyphs = "½¼¾⅓⅔⅛⅜⅝⅞";
// Digits with separators (a space groups thousands), a bare decimal, fractions, powers of ten as superscripts.
const digits = `(?:\\d{1,3}(?:[ \\u00A0\\u2009\\u202F]\\d{3})+(?!\\d)(?:[.,·]\\d+)?|\\d+(?:[.,·]\\d+)*|[.·]\\d+)`;
const scaleWords = ["hundred", "thousand", "million"];
const words = [...smallNumbers.keys(), ...scaleWords]
  .filter((word) => word !== "one")
  .sort((left, right) => right.length - left.length)
  .join("|");
// "one" and "once" are more often no number: they count before a unit, and before what they are counted against.
const number = [
  `${digits}[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*[${glyphs}]?`,
  `[${glyphs}]`,
  `(?:${words})${ends}`,
  `half(?![\\s-]*li[fv]e)${ends}`,
  `(?:one|una?)(?=[\\s-]*${unit})`,
  `(?:twice|thrice)${ends}`,
  `once(?=\\s+(?:(?:${each})${ends}|per\\b|every\\b))`,
].join("|");
// A minus is a sign only where no range can be: behind a bracket, a comparison, or a word that leads to a number.
const minus = "(?<=(?:^|[(<>≤≥=~:]\\s?|\\b(?:of|to|than|below|above|was|is|by|least|from|score|and)\\s))[-−–]";
const quantityPattern = new RegExp(
  `(?<sign>${minus})?(?<![\\p{L}\\p{N}])(?<number>${number})(?:\\s*[-\\u2010\\u2011]?\\s*(?<unit>${unit}))?` +
    `(?<per>(?:\\s*(?:\\/|\\bper\\b|\\bpor\\b)\\s*${unit})*)(?:\\s+(?:once\\s+)?(?<each>${each})${ends})?`,
  "giu",
);
const perPattern = new RegExp(`(?:\\/|\\bper\\b|\\bpor\\b)\\s*(${unit})`, "giu");
const joinPattern = /^\s*(?:to|or|and|versus|vs\.?|-|–|—|\/|a|o|y)\s*$/i;
const rangePattern = /^\s*(?:to|through|until|-|–|—|hasta|a)\s*$/i;
const betweenPattern = /(?:between|entre)\s+$/i;
const pairPattern =
  /^[\s,(]*(?:(?:and|then)\s+)?(?:(?:up|increas\w+|titrat\w+|rising|down)\s+)?(?:to|through|until|and|-|–|—|hasta|a|y)(?:\s+(?:a|the|maximum|max\.?|of)){0,4}\s*$/i;
const marker = new RegExp(`\\[\\d+(?:\\s*[,–-]\\s*\\d+)*\\](?!\\s*${unit})`, "giu");
const everyPattern = /(?:every|each|cada|q)\s*$/i;
const duringPattern =
  /(?:for|during|over|durante|por)(?:\s+(?:about|at least|up to|approximately|the|first|next|last))*\s*$/i;
const otherDays = /(?:every (?:other|second)|alternate|alternating)\s+(day|week|month|night)s?/gi;
const periodPattern = new RegExp(
  `(?:(?<![\\p{L}\\p{N}])(?:(?<each>${each})|(?<adverb>hourly|nightly|cada\\s+hora))|(?:\\/|\\bper\\s+)(?<per>day|week|month|year|d|wk))${ends}`,
  "giu",
);

/** The amounts of a text whose names were taken out. */
export function quantitiesOf(text: string): Quantities {
  const bare = unifyNumbers(text.replace(marker, " "));
  const matches = [...bare.matchAll(quantityPattern)];
  const all = matches.map((match, at) => {
    const begin = match.index;
    const end = begin + match[0].length;
    const ahead = bare.slice(Math.max(0, begin - 100, endOf(matches[at - 1])), begin);
    return quantityOf(match, ahead, bare.slice(end, Math.min(end + 60, matches[at + 1]?.index ?? bare.length)));
  });
  const gaps = matches.map((match, at) => bare.slice(endOf(match), matches[at + 1]?.index ?? bare.length));
  const ranges: [number, number][] = [];
  const pairs: [number, number][] = [];
  for (let at = all.length - 2; at >= 0; at -= 1) {
    const [current, next, gap = ""] = [all[at] as Quantity, all[at + 1] as Quantity, gaps[at]];
    // "5 to 10 mg", "5–10 mg", "5 or 10 mg": the first number has the second one's unit.
    if (joinPattern.test(gap) && current.unit === null && current.each === null) {
      Object.assign(current, { unit: next.unit, each: next.each, frequency: next.frequency });
    }
    const between = betweenPattern.test(bare.slice(0, matches[at]?.index).slice(-12));
    if (rangePattern.test(gap) || (between && /^\s*(?:and|y)\s*$/i.test(gap))) ranges.push([at, at + 1]);
    if (pairPattern.test(gap)) pairs.push([at, at + 1]);
    // Both numbers of "140/90 mmHg or higher", and what stands in brackets behind a bound.
    if (/^\s*\/\s*$/.test(gap)) current.bound ??= next.bound;
    if (
      /^\s*(?:,?\s*(?:given|taken|orally|by mouth|administered|iv|po|subcutaneously|every|each|cada))*\s*$/i.test(gap)
    )
      follow(current, next);
  }
  for (const [at, gap] of gaps.entries()) {
    const [current, next] = [all[at], all[at + 1]];
    if (current && next && /^\s*[/([]\s*$/.test(gap)) next.bound ??= current.bound;
  }
  const pick = (some: [number, number][]) => some.map(([low, high]) => [all[low], all[high]] as [Quantity, Quantity]);
  return { all, ranges: pick(ranges), pairs: pick(pairs), periods: periodsOf(bare, all) };
}

// "5 mg twice daily", "5 mg every 8 hours": how often belongs to the dose before it.
function follow(dose: Quantity, next: Quantity): void {
  if (dose.unit === null || times.has(dose.unit) || dose.frequency !== null || dose.each !== null) return;
  if (next.unit === "time" && next.each !== null) dose.frequency = `${next.value} time/${next.each}`;
  else if (next.role === "every") dose.frequency = `every ${next.value} ${next.unit}`;
}

function endOf(match: RegExpExecArray | undefined): number {
  return match ? match.index + match[0].length : 0;
}

function quantityOf(match: RegExpExecArray, ahead: string, behind: string): Quantity {
  const { sign = "", number: written = "", unit: first, per = "", each: eachWord } = match.groups ?? {};
  const count = timesWords.get(written.toLowerCase());
  const against = [...per.matchAll(perPattern)].map(([, spelling]) => unitOf(spelling ?? ""));
  const last = against.at(-1);
  const perTime = last !== undefined && longTimes.has(last) ? against.pop() : undefined;
  const own = first ? unitOf(first) : count ? "time" : null;
  const spoken = eachWord && eachWords.get(eachWord.toLowerCase().replace(/\s+/g, " "));
  const whole = own === null && against.length === 0 ? null : [own ?? "", ...against].join("/");
  const isTime = whole !== null && times.has(whole);
  const every = isTime && (everyPattern.test(ahead) || /hourly$/i.test(match[0]));
  return {
    value: (sign ? "-" : "") + (count ?? normaliseNumber(written)),
    unit: whole,
    each: spoken ?? perTime ?? null,
    frequency: null,
    role: every ? "every" : isTime && duringPattern.test(ahead) ? "during" : null,
    bound: boundOf(ahead, behind, whole),
    change: changeOf(ahead, behind),
    written: match[0].trim(),
    wordBefore: /([\p{L}\d]+)[\s-]*$/u.exec(ahead)?.[1] ?? "",
  };
}

function periodsOf(bare: string, all: Quantity[]): Set<string> {
  const periods = new Set<string>();
  const rest = bare.replace(otherDays, (_, what: string) => {
    periods.add(`2 ${what === "night" ? "day" : what.toLowerCase()}`);
    return " ";
  });
  for (const { groups = {} } of rest.matchAll(periodPattern)) {
    if (groups.each) periods.add(eachWords.get(groups.each.toLowerCase().replace(/\s+/g, " ")) ?? groups.each);
    if (groups.adverb) periods.add(/night/i.test(groups.adverb) ? "day" : "h");
    if (groups.per) periods.add(unitOf(groups.per));
  }
  for (const { value, unit: what, role } of all) {
    if (role !== "every" || what === null) continue;
    if (value === "1") periods.add(what);
    if (what === "h" && 24 % Number(value) === 0) periods.add("day");
    if (what === "day" && value === "7") periods.add("week");
  }
  return periods;
}

const singleWords = new Map([...smallNumbers].map(([word, value]) => [word, String(value)] as const));
for (const [word, value] of [
  ["hundred", "100"],
  ["thousand", "1000"],
  ["million", "1000000"],
  ["half", "0.5"],
  ["un", "1"],
  ["una", "1"],
] as const) {
  singleWords.set(word, value);
}

/** One form for each number: `1,000` and `1 000` are 1000, `0,125` and `.125` are 0.125, `1½` is 1.5. */
function normaliseNumber(written: string): string {
  const word = singleWords.get(written.toLowerCase());
  if (word !== undefined) return word;
  const [, body = "", rest = ""] = /^([\d.,·\s]*)(.*)$/su.exec(written) ?? [];
  let plain = body.replace(/\s/g, "").replaceAll("·", ".");
  // A comma groups thousands only where thousands can stand; "0,125" is a decimal, a thousandfold less.
  if (/^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(plain)) plain = plain.replaceAll(",", "");
  else if (/^[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?$/.test(plain)) plain = plain.replaceAll(".", "").replace(",", ".");
  else if (/^\d+,\d+$/.test(plain)) plain = plain.replace(",", ".");
  if (/^\d*\.\d+$/.test(plain)) plain = plain.replace(/0+$/, "").replace(/\.$/, "").replace(/^\./, "0.");
  plain = plain.replace(/^0+(?=\d)/, "");
  return rest === "" ? plain : withFraction(plain, rest);
}
