import { isIban, isNhsNumber, mayBeSsn, passesLuhn } from "../checksums.ts";
import type { FoundIdentifier } from "../types.ts";
import { digitsOf, matches } from "./matching.ts";

/** Between the words for a number and the number itself. */
const says =
  "(?:\\s*(?:\\(?(?:no|nr|num|number|id|identifier|code|#)\\b\\.?\\)?|is|was|are|of|under|as|with|[:#=.–-]))*\\s*";
/** A number with letters perhaps: three digits at least. */
const code = "(?=[A-Za-z0-9/-]*\\d[A-Za-z0-9/-]*\\d[A-Za-z0-9/-]*\\d)[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*";
const after = (words: string, value = code) =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}])${says}(?<x>${value})(?![\\p{L}\\p{N}])`, "dgiu");
/** The same, where the words alone are too common: "number", "no", "id" or a mark must follow them. */
const afterNumbered = (words: string) =>
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${words})(?:\\s+(?:record|file|unit))?\\s*(?:(?:no|nr|num|number|id|identifier|#)(?![\\p{L}])\\.?|[:#])${says}(?<x>${code})(?![\\p{L}\\p{N}])`,
    "dgiu",
  );

const recordNumber = after(
  "mrn|mr\\s?#|m\\.r\\.n\\.|medical\\s+record|health\\s+record|hosp(?:ital)?\\.?\\s+(?:no|number|id|num)|pas\\s+number|crn|urn|pid|chi\\s+(?:no|number)|chi(?=\\s*:)",
);
const numbered = afterNumbered(
  "hospital|hosp|patient|pt|chart|case|unit|encounter|visit|admission|episode|accession|specimen|sample|lab|laboratory|file|fin|csn|account|acct|member|membership|subscriber|beneficiary|policy|insurance|group|plan|health\\s+plan|health\\s+card|medicare|medicaid|ohip|claim|referral|reference|ref|passport|national\\s+insurance|ni|identity\\s+card|id\\s+card|prescription|rx",
);
const nationalInsurance =
  /(?<![\p{L}\p{N}])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?![\p{L}\p{N}])/gu;
const nhsSaid =
  /(?<![\p{L}\p{N}])nhs(?:\s*(?:no|nr|num|number|id|#)\b\.?)?(?:\s*(?:is|was|[:#=–-]))*\s*(?<x>\d{3}[ -]?\d{3}[ -]?\d{4})(?![\p{L}\p{N}])/dgiu;
const nhsBare = /(?<![\p{L}\p{N}.,/-])(?:\d{10}|\d{3} \d{3} \d{4}|\d{3}-\d{3}-\d{4})(?![\p{L}\p{N}]|[.,/-]\d)/gu;
const ssn = /(?<![\p{L}\p{N}-])\d{3}[- ]\d{2}[- ]\d{4}(?![\p{L}\p{N}]|-\d)/gu;
const ssnSaid = after("ssn|social\\s+security(?:\\s+(?:no|number|#))?|ss#", "\\d{3}[- ]?\\d{2}[- ]?\\d{4}");
const card =
  /(?<![\p{L}\p{N}.+-])(?:\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{4,5}|\d{13,19})(?![\p{L}\p{N}]|[.-]\d)/gu;
const cardSaid = after(
  "(?:credit|debit|bank)\\s*card|card(?:\\s+(?:number|no))?|cc|visa|mastercard|amex|number",
  "\\d(?:[ -]?\\d){10,18}",
);
const iban = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?(?![\p{L}\p{N}])/gu;
const ibanSaid =
  /(?<![\p{L}\p{N}])iban(?:\s*(?:is|no|number|[:#]))*\s*(?<x>[A-Z]{2}\d{2}[A-Z0-9]{8,30})(?![\p{L}\p{N}])/dgiu;
const bankAccount = after(
  "(?:bank\\s+)?account\\s+(?:no|number)|acct\\.?\\s*(?:no|number|#)|sort\\s+code|routing\\s+(?:no|number)",
  "\\d(?:[ -]?\\d){5,16}",
);
const licence = after(
  "driv(?:er['’]?s?|ing)\\s+licen[cs]e|licen[cs]e\\s+(?:plate|no|number|#)|dl\\s*#|gmc(?:\\s+(?:no|number))?|npi|dea(?:\\s+(?:no|number))|certificate\\s+(?:no|number)|number\\s*plate|vehicle\\s+registration|vin",
);
const plate = after(
  "(?:number|licen[cs]e|registration)\\s*plate|vehicle\\s+reg(?:istration)?",
  "(?=[A-Z0-9 -]*\\d)[A-Z0-9]{2,4}[ -]?[A-Z0-9]{2,4}",
);
const device = after(
  "serial(?:\\s+(?:no|number))?|s/n|udi|imei|device\\s+(?:id|identifier|no|number|serial)|(?:pacemaker|icd|implant|pump|prosthesis|stimulator)\\s+(?:serial|id|no|number)(?:\\s+(?:no|number))?",
);
const macAddress = /(?<![\p{L}\p{N}:-])(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}(?![\p{L}\p{N}:-])/giu;

/** Numbers given to a person, their money or their device, by their form, check digit, or the words before them. */
export function findNumbers(text: string): FoundIdentifier[] {
  const isLong = (match: RegExpExecArray) =>
    digitsOf(match.groups?.x ?? "").length >= 4 || /[A-Z]/i.test(match.groups?.x ?? "");
  const isNoYear = (match: RegExpExecArray) => !/^(?:19|20)\d\d$/.test(match.groups?.x ?? "");
  return [
    ...matches(text, nhsSaid, "nhs"),
    ...matches(text, nhsBare, "nhs", ([number]) => isNhsNumber(digitsOf(number))),
    ...matches(text, ssn, "ssn", ([number]) => mayBeSsn(digitsOf(number))),
    ...matches(text, ssnSaid, "ssn"),
    ...matches(text, iban, "account", ([number]) => isIban(number)),
    ...matches(text, ibanSaid, "account"),
    ...matches(text, card, "card", ([number]) => passesLuhn(digitsOf(number))),
    ...matches(text, cardSaid, "card", (match) => !/^0/.test(match.groups?.x ?? "")),
    ...matches(text, bankAccount, "account"),
    ...matches(text, licence, "licence", isLong),
    ...matches(text, plate, "licence"),
    ...matches(text, device, "device", isLong),
    ...matches(text, macAddress, "device"),
    ...matches(text, recordNumber, "record", isLong),
    ...matches(text, numbered, "record", (match) => isLong(match) && isNoYear(match)),
    ...matches(text, nationalInsurance, "record"),
  ];
}
