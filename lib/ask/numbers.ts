/** A number as written, with the unit behind it where there is one. */
interface Quantity {
  value: string;
  unit: string | null;
}

const units: Record<string, string> = {
  "%": "%",
  percent: "%",
  "per cent": "%",
  mcg: "ug",
  µg: "ug",
  μg: "ug",
  ug: "ug",
  microgram: "ug",
  micrograms: "ug",
  mg: "mg",
  milligram: "mg",
  milligrams: "mg",
  g: "g",
  gram: "g",
  grams: "g",
  kg: "kg",
  ng: "ng",
  l: "l",
  litre: "l",
  litres: "l",
  liter: "l",
  liters: "l",
  dl: "dl",
  ml: "ml",
  millilitre: "ml",
  millilitres: "ml",
  mmol: "mmol",
  µmol: "umol",
  μmol: "umol",
  umol: "umol",
  micromol: "umol",
  nmol: "nmol",
  meq: "meq",
  mmhg: "mmhg",
  iu: "unit",
  unit: "unit",
  units: "unit",
  ms: "ms",
  s: "s",
  second: "s",
  seconds: "s",
  min: "min",
  minute: "min",
  minutes: "min",
  h: "h",
  hr: "h",
  hrs: "h",
  hour: "h",
  hours: "h",
  hourly: "h",
  day: "day",
  days: "day",
  week: "week",
  weeks: "week",
  month: "month",
  months: "month",
  year: "year",
  years: "year",
  cm: "cm",
  mm: "mm",
  "°c": "°c",
  bpm: "bpm",
};

const numberWords: Record<string, string> = Object.fromEntries(
  "zero . two three four five six seven eight nine ten eleven twelve"
    .split(" ")
    .map((word, value) => [word, String(value)] as const)
    .filter(([word]) => word !== "."),
);

const unitPattern = Object.keys(units)
  .sort((left, right) => right.length - left.length)
  .join("|");
const quantityPattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(\\d+(?:[.,·]\\d+)*|${Object.keys(numberWords).join("|")})(?:\\s*[-\\u2010\\u2011]?\\s*(${unitPattern})(?![\\p{L}\\p{N}]))?`,
  "giu",
);

/**
 * The number lock: every number of a sentence, with its unit, must stand in its quotes.
 * Written-out numbers count as digits; thousands separators and spellings of a unit do not matter.
 * @returns the first number that the quotes do not hold, as written; null when all stand
 */
export function unsupportedNumber(sentence: string, quotes: string[]): string | null {
  const held = quotes.flatMap((quote) => [...quantitiesOf(quote)]);
  for (const [quantity, written] of quantitiesWithText(sentence)) {
    const stands = held.some(
      (other) => other.value === quantity.value && (quantity.unit === null || other.unit === quantity.unit),
    );
    if (!stands) return written;
  }
  return null;
}

function* quantitiesOf(text: string): Iterable<Quantity> {
  for (const [quantity] of quantitiesWithText(text)) yield quantity;
}

function* quantitiesWithText(text: string): Iterable<[Quantity, string]> {
  const bare = text.replace(/\[\d+(?:\s*[,–-]\s*\d+)*\]/g, " ");
  const matches = [...bare.matchAll(quantityPattern)];
  for (const [index, match] of matches.entries()) {
    const value = normaliseNumber(match[1] as string);
    const unit = match[2] ? (units[match[2].toLowerCase()] ?? null) : null;
    yield [{ value, unit }, match[0].trim()];
    // "5 to 10 mg", "5–10 mg", "5 or 10 mg": the first number has the second one's unit.
    const next = matches[index + 1];
    if (unit === null && next?.[2]) {
      const between = bare.slice((match.index ?? 0) + match[0].length, next.index);
      if (/^\s*(?:to|or|and|-|–|—|\/)\s*$/i.test(between)) {
        yield [{ value, unit: units[next[2].toLowerCase()] ?? null }, match[0].trim()];
      }
    }
  }
}

function normaliseNumber(written: string): string {
  const word = numberWords[written.toLowerCase()];
  if (word !== undefined) return word;
  const plain = written
    .replaceAll("·", ".")
    .replace(/,(?=\d{3}(?!\d))/g, "")
    .replaceAll(",", ".");
  return /^\d+\.\d+$/.test(plain) ? plain.replace(/0+$/, "").replace(/\.$/, "") : plain.replace(/^0+(?=\d)/, "");
}
