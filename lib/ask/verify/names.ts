import { unitPattern } from "./units.ts";

const ends = "(?![\\p{L}\\p{N}])";
/** Not the head of an amount: `aspirin-81 mg` is a dose. */
const noAmount = `(?![.,·]?\\d|\\s*%|\\s*(?:${unitPattern})${ends})`;

/** B12, SGLT2, P2Y12, CHA2DS2-VASc, HbA1c, COVID-19, GLP-1, CoV-2, 5-HT3's HT3. */
const token = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:\\p{L}+\\d[\\p{L}\\d]*(?:[.,]\\d+|-VA(?:Sc)?)?${ends}|\\p{L}+[-\\u2010\\u2011]\\d+[\\p{L}\\d]{0,3}(?:[-\\u2010\\u2011]?RAs?)?${ends}${noAmount})`,
  "giu",
);
/** Units, powers and intervals that look like names. */
const noName = /^(?:[kcm]?m[23]|cmh2o|[xe]\d+|q\d+(?:h|hr|hrs|d|w)?|n\d+)$/i;

const kinds = `type grade stage class category phase group schedule factor vitamin hepatitis influenza nyha
  tipo grado estadio clase`.split(/\s+/);
const sameKind: Record<string, string> = {
  nyha: "class",
  categorie: "category",
  classe: "class",
  tipo: "type",
  grado: "grade",
  estadio: "stage",
  clase: "class",
};
const cased = (word: string) =>
  `[${word.charAt(0)}${word.charAt(0).toUpperCase()}]${word.slice(1)}|${word.toUpperCase()}`;
const kindPattern = kinds
  .map((kind) => cased(kind === "category" ? "categor(?:y|ies)" : kind))
  .concat("[Cc]hild-[Pp]ugh")
  .join("|");
const designator = `(?:[IVX]{1,4}[abc]?|\\d{1,2}[a-cA-C]?|[A-EKX])${ends}${noAmount}`;
/** "stage III", "types 1 and 2", "hepatitis B or C", "factor Xa": the word's kind, then what it counts or letters. */
const designated = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<kind>${kindPattern})(?:es|s)?(?:\\s+class)?\\s+(?<list>${designator}(?:\\s*(?:,|\\/|-|–|\\bor\\b|\\band\\b|\\bto\\b|\\by\\b|\\bo\\b|\\ba\\b)\\s*${designator})*)`,
  "gu",
);
const romanFactor = /(?<![\p{L}\p{N}])(?:anti-?|F)(Xa|IXa|VIIa|IIa|VIII|IX)(?![\p{L}\p{N}])/gu;
const shortDiabetes = /(?<![\p{L}\p{N}])T([12])DM?(?![\p{L}\p{N}])/gu;

const ordinals = new Map(
  Object.entries({ 1: "first 1st", 2: "second 2nd", 3: "third 3rd", 4: "fourth 4th" }).flatMap(([value, words]) =>
    words.split(" ").map((word) => [word, value] as const),
  ),
);
const ordinal = `(?:${[...ordinals.keys()].join("|")})`;
const ordered = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<list>${ordinal}(?:\\s*(?:,|-|\\bor\\b|\\band\\b|\\bto\\b)\\s*${ordinal})*)[\\s-]+(?<kind>trimester|line|generation|degree|dose)s?${ends}`,
  "giu",
);
/** Said in other words too ("preferred"): these only must not be another one than the quote's. */
const spokenOtherwise = new Set(["line", "dose"]);

const months = "january february march april may june july august september october november december".split(" ");
const month = months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join("|");
const dates = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?<before>\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?)?(?<month>${month}|sept)\\.?\\s+(?:(?<after>\\d{1,2})(?:st|nd|rd|th)?,?\\s+)?(?<year>(?:19|20)\\d\\d)${ends}`,
  "giu",
);
const isoDates = /(?<!\d)((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-([0-3]\d))?(?![\d-])/g;

export interface NamedText {
  /** Canonical names: `b12`, `type:2`, `trimester:3`, `date:2020-03`. */
  names: Map<string, string>;
  /** The text with its names blanked, so that their digits are no amounts. */
  rest: string;
}

/** Parts a text into the names that hold digits or designators, and the rest. */
export function splitNames(text: string): NamedText {
  const names = new Map<string, string>();
  const take = (pattern: RegExp, read: (match: RegExpExecArray) => string[]) => {
    rest = rest.replace(pattern, (...found) => {
      const match = matchOf(found);
      const read_ = read(match);
      for (const name of read_) names.set(name, match[0]);
      return read_.length > 0 ? " ".repeat(match[0].length) : match[0];
    });
  };
  let rest = text.replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));
  take(dates, ({ groups }) => [dateOf(groups ?? {})]);
  take(isoDates, ([, year, monthNumber, day]) => [`date:${year}-${monthNumber}${day ? `-${day}` : ""}`]);
  take(shortDiabetes, ([, which]) => [`type:${which}`]);
  take(romanFactor, ([, roman = ""]) => [`factor:${arabic(roman)}`]);
  take(designated, ({ groups }) => designatedNames(groups ?? {}));
  take(ordered, ({ groups }) => orderedNames(groups ?? {}));
  take(token, ([written]) => (noName.test(written) ? [] : [canonicalToken(written)]));
  return { names, rest };
}

/** The first name of a sentence that its quotes do not hold as such, as written; null when all stand. */
export function missingName(sentence: NamedText, quotes: NamedText[], quoteText: string): string | null {
  const held = new Set(quotes.flatMap(({ names }) => [...names.keys()]));
  for (const [name, written] of sentence.names) {
    if (held.has(name) || (name.startsWith("date:") && [...held].some((other) => other.startsWith(`${name}-`))))
      continue;
    const [kind = "", designator] = name.split(":");
    if (designator !== undefined) {
      const others = [...held].some((other) => other.startsWith(`${kind}:`));
      if (spokenOtherwise.has(kind) && !others) continue;
      return written;
    }
    if (!spelled(name).test(quoteText)) return written;
  }
  return null;
}

/** Whether a bare number is the end of a name that the quotes write in one: "GLP 1" on "GLP-1". */
export function endsName(wordBefore: string, value: string, quotes: NamedText[]): boolean {
  const name = canonicalToken(`${wordBefore}${value}`);
  return wordBefore !== "" && quotes.some(({ names }) => names.has(name));
}

function matchOf(found: unknown[]): RegExpExecArray {
  const last = found.at(-1);
  const groups = typeof last === "object" ? (last as Record<string, string>) : undefined;
  const captured = found.slice(0, groups ? -3 : -2);
  return Object.assign(captured, { groups }) as unknown as RegExpExecArray;
}

/** `SGLT2i`, `GLP-1 RAs` and `glp 1` are what they act on: `sglt2`, `glp1`; `A1c` is `HbA1c`. */
function canonicalToken(written: string): string {
  const plain = written.replace(/[-\s\u2010\u2011]/g, "");
  const stripped = /^\p{Lu}{2,}\d/u.test(plain) ? plain.replace(/(?:is?|RAs?)$/u, "") : plain;
  const name = stripped.toLowerCase();
  return name === "a1c" ? "hba1c" : name;
}

function spelled(name: string): RegExp {
  const letters = name.split(/(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/u).join("[\\s\\-\\u2010\\u2011]*");
  return new RegExp(`(?<![\\p{L}\\p{N}])${letters}(?:is?|s)?(?![\\p{L}\\p{N}]|-VA)`, "iu");
}

function designatedNames({ kind = "", list = "" }: Record<string, string | undefined>): string[] {
  const lower = kind.toLowerCase().replace(/ies$/, "y");
  const canonical = sameKind[lower] ?? lower;
  return [...list.matchAll(new RegExp(designator, "gu"))].map(([written]) => `${canonical}:${arabic(written)}`);
}

function orderedNames({ kind = "", list = "" }: Record<string, string | undefined>): string[] {
  return [...list.toLowerCase().matchAll(new RegExp(ordinal, "g"))].map(
    ([written]) => `${kind.toLowerCase()}:${ordinals.get(written)}`,
  );
}

function dateOf({ before, after, month: written = "", year }: Record<string, string | undefined>): string {
  const number = months.findIndex((name) => name.startsWith(written.toLowerCase().slice(0, 3))) + 1;
  const day = before ?? after;
  return `date:${year}-${String(number).padStart(2, "0")}${day ? `-${day.padStart(2, "0")}` : ""}`;
}

const romanValues: Record<string, number> = { I: 1, V: 5, X: 10 };

/** `III` is 3, `Xa` is 10a; what is no roman number stays, in lower case. */
function arabic(written: string): string {
  const [, roman, letter = ""] = /^([IVX]+)([abc]?)$/.exec(written) ?? [];
  if (roman === undefined) return written.toLowerCase();
  const values = [...roman].map((character) => romanValues[character] ?? 0);
  const value = values.reduce((sum, one, at) => sum + (one < (values[at + 1] ?? 0) ? -one : one), 0);
  return `${value}${letter}`;
}
