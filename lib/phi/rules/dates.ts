import type { FoundIdentifier } from "../types.ts";
import { matches } from "./matching.ts";

const month =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const day = "(?:3[01]|[12]\\d|0?[1-9])";
const ordinal = `${day}(?:st|nd|rd|th)?`;
const year = "(?:1[89]\\d\\d|20\\d\\d)";
const time = "(?:[T ,]{1,2}(?:at )?[0-2]?\\d:[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?(?:\\s?[ap]\\.?m\\.?|Z)?)?";
const begin = "(?<![\\p{L}\\p{N}/.,-])";
const end = "(?![\\p{L}\\p{N}]|[/.,-]\\d)";
const dated = (form: string) => new RegExp(`${begin}(?:${form})${time}${end}`, "giu");

const forms = [
  // 12/03/1956, 3-12-1956, 12.03.1956
  dated(`${day}[/.-]${day}[/.-]${year}`),
  // 1956-03-12, 1956/3/12
  dated(`${year}[/.-](?:0?[1-9]|1[0-2])[/.-]${day}`),
  // 12 March 1956, 12th of March, 1956, 12-Mar-56
  dated(`(?:the )?${ordinal}[ -]?(?:of )?${month}(?:,? |[ -])(?:${year}|['’]?\\d\\d)`),
  // March 12, 1956, March 12th 1956
  dated(`${month} ${ordinal},? ${year}`),
];
/** Two digits of a year: 12/03/56, not 1/2/3, not a ratio with a unit behind it. */
const shortYear = new RegExp(
  `${begin}(?:(?:0?[1-9]|[12]\\d|3[01])/(?:0?[1-9]|1[0-2])/\\d\\d|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\\d|3[01])/\\d\\d)${end}(?!\\s*(?:mg|mcg|ml|g|mm|%|units?)\\b)`,
  "giu",
);
/** A day of a month without its year. */
const dayOfMonth = new RegExp(
  `${begin}(?:${ordinal} (?:of )?${month.replace("|may|", "|May|")}|${month} ${day}(?:st|nd|rd|th)?)${end}(?!\\s*(?:mg|mcg|ml|weeks?|%|patients))`,
  "giu",
);
/** What happened to a person makes a month, or a day in figures, a date of theirs. */
const event =
  "(?:d\\.?o\\.?b\\.?|birth\\s?dat?e|date of (?:birth|admission|discharge|death|surgery|injury|visit)|born|admitted|discharged|died|deceased|d\\.?o\\.?[ad]\\.?|seen|operated|transferred|appointment|last seen|follow[- ]up)";
const afterEvent = new RegExp(
  `(?<![\\p{L}])${event}(?:\\s*(?:is|was|on|in|at|the|[:=–-]))*\\s*(?<x>${month},? ${year}|${year}-(?:0[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/${year}|${day}[/.-]${day}(?:[/.-]\\d\\d)?|[0-3]\\d[01]\\d(?:19|20)?\\d\\d)${end}`,
  "dgiu",
);

/** Dates that name a day, and months in which something happened to a person; a bare year is none. */
export function findDates(text: string): FoundIdentifier[] {
  return [
    ...forms.flatMap((form) => matches(text, form, "date")),
    ...matches(text, shortYear, "date", ([date]) => !/^\d\/\d\/\d\d$/.test(date) || /\/[0-9]{2}$/.test(date)),
    ...matches(text, dayOfMonth, "date", ([date]) => !/^(?:\d{1,2} )?(?:mar|may)(?: \d{1,2})?$/.test(date)),
    ...matches(text, afterEvent, "date"),
  ];
}

const over89 = "9\\d|1[0-2]\\d";
const spelt =
  "ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one |a )?hundred(?: and (?:one|two|three|four|five|six|seven|eight|nine|ten))?";
const ages = [
  // 93-year-old, 93 yo, 93 y/o, 93 years of age
  new RegExp(
    `(?<![\\p{L}\\p{N}.,/-])(?<x>${over89}|${spelt})(?:[- ]?(?:years?|yrs?|y)[- ]olds?|[- ]?y[./]?o\\b|[- ]?years? of age|[- ]?yr[- ]?old)`,
    "dgiu",
  ),
  // aged 93, age: 93, turned 93, age of 93
  new RegExp(
    `(?<![\\p{L}])(?:aged|age(?:\\s+(?:is|was|of))?|turn(?:s|ed|ing)?|is now|just)\\s*[:=]?\\s*(?<x>${over89}|${spelt})(?![\\p{N}]|[.,/-]\\d|\\s*(?:%|mg|mmhg|kg|bpm|beats|cm|days|weeks|months|hours|min))`,
    "dgiu",
  ),
  // 93M, 95 F with, a 97 y
  /(?<=^|[\p{L}][.:,]?\s|\n|[.;:(]\s?)(?<x>9\d|10\d|11\d)(?:\s?(?:yM|yF|y\s?[mf]|[MF])(?![\p{L}\p{N}])|\s?y(?=\s+(?:male|female|man|woman|lady|gentleman|[mf])\b)|\s(?=(?:male|female|man|woman|lady|gentleman)\b))/dgu,
  // a name, then the age: "Smith, 93," or "(93)"
  /(?<=\p{Lu}\p{Ll}+,?\s\(?)(?<x>9\d|10\d)(?=[,)](?:\s|$))/dgu,
];
/** What is said of everybody above an age names nobody. */
const ofMany =
  /(?:over|above|beyond|under|below|until|than|least|≥|>|≤|<|=|to|and|between|up to|age group|ages|range[sd]?|patients|adults|people|persons|women|men|individuals|those|elderly)\s*(?:aged\s*|age\s*)?(?:the age of\s*)?$/iu;

/** Ages over 89 of one person, the number alone. */
export function findAges(text: string): FoundIdentifier[] {
  return ages.flatMap((form) =>
    matches(text, form, "age", (match) => {
      const [start, end] = match.indices?.groups?.x ?? [0, 0];
      return (
        !ofMany.test(text.slice(Math.max(0, start - 40), start)) &&
        !/^\s?(?:[-–]|to|or older|and over|and older)\s?\d?\d?/u.test(
          text
            .slice(end)
            .replace(/^[- ]years?[- ]olds?/i, "")
            .replace(/^[- ](?:year|yr|y)/i, ""),
        ) &&
        !/^[- ]?(?:years?|yrs?)[- ]?olds\b/i.test(text.slice(end))
      );
    }),
  );
}
