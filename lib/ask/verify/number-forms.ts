const ones = "one two three four five six seven eight nine".split(" ");
const teens = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const spanish = "dos tres cuatro cinco seis siete ocho nueve diez".split(" ");

/** The value of each number word below a hundred that stands alone. */
export const smallNumbers = new Map<string, number>([
  ["zero", 0],
  ...ones.map((word, at) => [word, at + 1] as const),
  ...teens.map((word, at) => [word, at + 10] as const),
  ...tens.map((word, at) => [word, 20 + 10 * at] as const),
  ...spanish.map((word, at) => [word, at + 2] as const),
]);
const scales = new Map([
  ["hundred", 100],
  ["thousand", 1_000],
  ["million", 1_000_000],
  ["billion", 1_000_000_000],
]);

const word = `(?:${[...smallNumbers.keys(), ...scales.keys()].join("|")})`;
const ends = "(?![\\p{L}\\p{N}])";
const starts = "(?<![\\p{L}\\p{N}])";
const wordRun = new RegExp(`${starts}${word}(?:(?:\\s*-\\s*|\\s+(?:and\\s+)?)${word})+${ends}`, "giu");
const scaledNumber = new RegExp(
  `(?<![\\d.,])(\\d[\\d,]*(?:\\.\\d+)?)\\s+(hundred|thousand|million|billion)${ends}`,
  "giu",
);

const fractionWords: [RegExp, string][] = [
  [/\btwo[\s-]thirds?\b/gi, "⅔"],
  [/\bthree[\s-]quarters?\b/gi, "¾"],
  [/\b(?:one|a)[\s-]third\b/gi, "⅓"],
  [/\b(?:one|a)[\s-]quarter\b/gi, "¼"],
  [/\bone[\s-]half\b/gi, "½"],
  [/(?<![\d./-])1\/2(?=\s*-?\s*(?:tablets?|of|the|a|an|dose|hours?|life|strength)\b)/gi, "½"],
  [/(?<![\d./-])1\/4(?=\s*-?\s*(?:tablets?|of|the|a|dose)\b)/gi, "¼"],
  [/(?<![\d./-])1\/3(?=\s*(?:of|the|a|dose)\b)/gi, "⅓"],
  [/(?<![\d./-])2\/3(?=\s*(?:of|the|a|dose)\b)/gi, "⅔"],
  [/(?<![\d./-])3\/4(?=\s*(?:of|the|a|dose|tablets?)\b)/gi, "¾"],
];

const frequencies: [RegExp, string][] = [
  [/\bb\.\s?i\.\s?d\b\.?|\bBID\b|\b(?<=(?:mg|mcg|µg|g|ml|units?|tablets?|capsules?)\s)bid\b/g, "twice daily"],
  [/\bt\.\s?i\.\s?d\b\.?|\bTID\b|\b(?<=(?:mg|mcg|µg|g|ml|units?|tablets?|capsules?)\s)tid\b/g, "3 times daily"],
  [/\bq\.\s?i\.\s?d\b\.?|\bQID\b|\b(?<=(?:mg|mcg|µg|g|ml|units?|tablets?|capsules?)\s)qid\b/g, "4 times daily"],
  [/\bq\.\s?d\b\.?|\bQD\b|\b(?<=(?:mg|mcg|µg|g|ml|units?|tablets?|capsules?)\s)qd\b/g, "once daily"],
  [/\bq\s?(\d+)\s?(?:h|hr|hrs|hours?)\b/gi, "every $1 hours"],
];

const fractions: Record<string, number> = {
  "½": 0.5,
  "¼": 0.25,
  "¾": 0.75,
  "⅛": 0.125,
  "⅜": 0.375,
  "⅝": 0.625,
  "⅞": 0.875,
};

/** One form for how prose writes amounts: number words of several parts, fractions, millions and dosing in Latin. */
export function unifyNumbers(text: string): string {
  let unified = text;
  for (const [pattern, form] of [...frequencies, ...fractionWords]) unified = unified.replace(pattern, form);
  unified = unified.replace(wordRun, (run) => joinWords(run) ?? run);
  unified = unified.replace(scaledNumber, (written, number: string, scale: string) => {
    const value = Number(number.replaceAll(",", "")) * (scales.get(scale.toLowerCase()) ?? 1);
    return Number.isSafeInteger(value) ? String(value) : written;
  });
  return unified;
}

/** The fraction glyph behind a whole number, or alone, as a decimal: `1½` is 1.5; thirds stay as they are. */
export function withFraction(whole: string, glyph: string): string {
  const value = fractions[glyph];
  return value === undefined || !/^\d*$/.test(whole) ? whole + glyph : String(Number(whole || "0") + value);
}

/** "two hundred and fifty" is 250, "twenty-one" 21; null for words that are no one number ("two or three"). */
function joinWords(run: string): string | null {
  const words = run.toLowerCase().split(/[\s-]+/);
  let total = 0;
  let current = 0;
  let before = Number.POSITIVE_INFINITY;
  for (const part of words) {
    if (part === "and") {
      if (before !== 100 && before !== 1_000) return null;
      continue;
    }
    const scale = scales.get(part);
    if (scale === 100) {
      if (current === 0 || current > 99) return null;
      current *= 100;
    } else if (scale !== undefined) {
      total += (current || 1) * scale;
      current = 0;
    } else {
      const value = smallNumbers.get(part) ?? 0;
      const fits = current % 100 === 0 || (current % 10 === 0 && current % 100 >= 20 && value < 10 && value > 0);
      if (!fits || (before < 100 && before % 10 !== 0)) return null;
      current += value;
    }
    before = scale ?? smallNumbers.get(part) ?? 0;
  }
  return String(total + current);
}
