import type { FoundIdentifier } from "../types.ts";
import { matches } from "./matching.ts";

const before = "(?<![\\p{L}\\p{N}])";
const capital = "(?:\\p{Lu}[\\p{L}\\p{M}’'.-]*)";
const kind =
  "(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Close|Crescent|Cres|Way|Boulevard|Blvd|Place|Pl|Terrace|Gardens|Gdns|Square|Squares|Sq|Grove|Mews|Row|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Walk|Hill|Green|Rise|Croft|Quay|Wharf|Park|View|Villas|Estate|Passage|Alley|Turnpike|Loop)";
const plainKind = `(?:${kind}|${kind.toLowerCase()})`;
const flat = "(?:(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm|Floor|No|apt|suite|unit|flat)\\.? ?#?\\w{1,6}|#\\d{1,5})";
const gap = "[\\s,]{1,9}";
/** Towns, regions, countries and codes behind a street; each part begins with a capital or is a code. */
const rest = `(?:${gap}(?:${flat}|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|(?:[A-Z]{2,3} )?\\d{4,6}(?:-\\d{3,4})?|nan|${capital}(?: (?:${capital}|de|del|da|do|la|le|am|an|der|di|upon|on|nad|i|by|gorenjskem)){0,4}))`;

const forms = [
  // 14 Crown Street; Flat 3, 27 Park Road, Leeds LS6 2AB
  `(?:${flat},? )?\\d{1,5}[A-Za-z]?(?:[-–]\\d{1,5})?,? (?:\\d{1,5} )?(?:(?:[NSEW]|North|South|East|West|St\\.?) )?(?:${capital} |\\d{1,3}(?:st|nd|rd|th) ){1,4}${plainKind}\\b\\.?(?: [NSEW]{1,2}\\b)?(?:[ ,]+(?!for\\b|in\\b|and\\b)${capital}(?= (?:Squares?|Apt|Suite)))?`,
  // 28245 Puruntie 82, Þorsteinsgata 63: the continental way
  `(?:\\d{2,6} )?${capital}?(?:strasse|straße|stræde|gata|gatan|gate|vej|vænget|vei|veien|vägen|utca|katu|kuja|tie|väg|laan|straat|weg|gasse|plein|gränd|stræti|straeti|braut|tänav|allee|bundesstr\\.?) ?\\d{1,4}[A-Za-z]?\\b\\.?`,
  `(?:\\d{1,6} )?(?:Rue|Avenue|Av\\.|Avda\\.|Calle|C\\.|Via|Viale|Rua|Avenida|Paseo|Plaza|Piazza|ul\\.|ulica|Trg|Canónigo|Largo|Travessa|Praça|Boulevard) ${capital}?(?: (?:de|del|della|da|do|la|le|les|du|des|${capital})){0,4}(?: \\d{1,5})?\\b`,
  // a number, a word or several, a number: 19902 Dobrovského 1394 Apt. 066
  `\\d{3,6} (?:${capital} ){1,4}\\d{1,5}[a-z]?\\b(?= ?,|\\s+(?:Apt|Suite|Unit|St\\b|\\p{Lu})|\\s*\\n|\\.?$|\\.)`,
  `(?:\\d{1,5} )?P\\.?\\s?O\\.? ?Box \\d{1,6}(?: ${capital} ${plainKind})?`,
  `PSC \\d{3,5}, Box \\d{3,5}`,
  `Unit \\d{3,5} Box \\d{3,5}`,
  `the corner of ${"(?:[^.?!\\n]{3,70}?)"}(?=[.?!\\n]|$)`,
];
const military = "(?:[\\s,]{1,3}(?:APO|DPO|FPO) A[AEP] \\d{5})?";
const street = new RegExp(`${before}(?:${forms.join("|")})${military}(?:${rest}){0,5}`, "gu");

/** What is said to be an address, up to the end of the sentence; it has a number in it. */
const said =
  /(?<![\p{L}])(?:(?:home |billing |postal |mailing |new |current |permanent )?address(?:\s+(?:is|was|with|of record))?|lives?\s+at|living\s+at|lived\s+at|resides?\s+at|residing\s+at|residence|located\s+at|delivered\s+to|discharged\s+(?:home\s+)?to|sent\s+to|return\s+to|arrived\s+at|meet\s+(?:me|you)\s+at|address\s+to|addressed\s+to|taxi\s+to|move[ds]?\s+to|(?:office|restaurant|station|shop)s?\s+(?:is|are)\s+(?:at|on|in))(?:\s*[:=–-])?\s*(?:\?\s*user:\s*)?(?<x>(?=[^.?!;]{0,90}\d)[\p{L}\d#](?:[^.?!;()\n]|\.(?=\s?[\p{L}\d,])|\n(?!\n)){5,110}?)(?=\s+(?:in case|for (?:this|post|my|his|her)|last night|after the|and (?:is|was|has|can|he|she|they|his|her)|with (?:his|her|their|a)|who|where|since|alone)\b|,?\s+(?:what|which|how|should|can|when|does|may|taking|started)\b|[?!;()]|,?\s+(?:tel|phone|mobile|mob|email|e-mail|dob|nhs|mrn|gp)\b|\.\s|\.?$|\n\n)/dgiu;
const line =
  /(?<![\p{L}])(?:home |postal |mailing |patient |billing )?address\s*[:=]\s*(?<x>[\p{L}\d#][^\n;?!]{4,110}?)(?=\s*(?:\n|;|[?!]|\.(?:\s|$)|$|,?\s+(?:tel|phone|mobile|mob|email|e-mail|dob|nhs|mrn|gp|next of kin|nok|contact|postcode|zip)\b))/dgiu;
/** The lower-case forms that are typed in a hurry: "lives at 14 elm street". */
const hurried =
  /(?<![\p{L}\p{N}])\d{1,5}[a-z]? (?:[a-z]{2,15} ){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|court|close|crescent|boulevard|blvd|terrace|gardens|square|grove|mews|parkway|strasse)\b\.?(?:, ?[a-z]{3,20})?/gu;

const ukPostcode =
  /(?<![\p{L}\p{N}-])(?:GIR 0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPS-UW]|[A-HK-Y]\d[ABEHMNPRV-Y]) \d(?!HT\b)[ABD-HJLNP-UW-Z]{2})(?![\p{L}\p{N}-])/gu;
const states =
  "A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|PR";
const zip = new RegExp(
  `(?<=,\\s?(?:${states}),?\\s|(?:${states})\\s)(?<x>\\d{5}(?:-\\d{4})?)(?![\\p{L}\\p{N}-])`,
  "dgu",
);
const zipSaid =
  /(?<![\p{L}])(?:zip(?:\s?code)?|post\s?code|postal\s?code)(?:\s*(?:is|was|[:#=]))*\s*(?<x>(?=[A-Za-z]{0,3}[\s-]?\d)[A-Za-z0-9]{2,8}(?:[ -](?=[A-Z0-9]*\d|[A-Z]{2}\b)[A-Za-z0-9]{2,4})?)(?![\p{L}\p{N}])/dgiu;

/** Streets with what follows them, post office boxes, and codes of places. */
export function findAddresses(text: string): FoundIdentifier[] {
  return [
    ...matches(text, street, "address", ([address]) => /\d/.test(address) && !isTrial(address)).map((found) =>
      cut(text, found),
    ),
    ...matches(
      text,
      said,
      "address",
      (match) => /\d/.test(match.groups?.x ?? "") && !isMeasured(match.groups?.x ?? ""),
    ),
    ...matches(
      text,
      line,
      "address",
      (match) => (match.groups?.x ?? "").length > 5 && !/@|:\/\//.test(match.groups?.x ?? ""),
    ),
    ...matches(text, hurried, "address", ([address]) => !isMeasured(address)),
    ...matches(text, ukPostcode, "postcode"),
    ...matches(text, zip, "postcode"),
    ...matches(text, zipSaid, "postcode", (match) => /\d/.test(match.groups?.x ?? "")),
  ];
}

/** Where the next sentence or the next field of a form begins. */
const next =
  /\.\s+(?=\p{Lu}\p{Ll}*\s+\p{Ll})|[\s,]+(?=(?:Phone|Tel|Telephone|Mobile|Mob|Cell|Desk|Fax|E-?mail|Website|Date|Name|DOB|NHS|MRN|NOK|Next of|GP|Patient|Dr|Mr|Mrs|Ms|He|She|His|Her|The|Has|Is|Was|On|PMH|What|How|Can|Should|Which|When|Is|Please|For)\b(?!\.? ?(?:Box|Street|Road)))/u;

function cut(text: string, found: FoundIdentifier): FoundIdentifier {
  const at = next.exec(text.slice(found.start, found.end + 40));
  return at && at.index > 5 && found.start + at.index < found.end ? { ...found, end: found.start + at.index } : found;
}

function isMeasured(text: string): boolean {
  return (
    /\d\s?(?:mg|mcg|ml|mmhg|%|weeks?|months?|years?|days?|hours?|bpm|units?|g\/dl|mmol)\b/i.test(text) ||
    !/\p{L}{3}/u.test(text)
  );
}

/** "10 Meter Walk", "6 Minute Walk": tests, not streets. */
function isTrial(text: string): boolean {
  return /\b(?:Min(?:ute)?|Met(?:re|er)|Item|Point|Step|Day|Week|Month|Year|Hour|mg|Stage|Phase|Grade|Type|Class)s?\b/u.test(
    text,
  );
}
