import type { FoundIdentifier } from "../types.ts";
import { digitsOf, matches } from "./matching.ts";

const email =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})*\.\p{L}{2,24}(?![\p{L}\p{N}-])/gu;
const url = /(?<![\p{L}\p{N}])(?:https?:\/\/|ftp:\/\/|www\.)[^\s<>"'“”]{3,300}?(?=[.,;:!?)\]}]*(?:\s|$|[<>"'“”]))/giu;
const domain =
  /(?<![\p{L}\p{N}@.-])(?:[a-z0-9-]{2,40}\.){1,3}(?:com|org|net|info|co\.uk|org\.uk|io|me|us|de|fr|es|it|eu)(?:\/[^\s<>"'“”,;]{1,200})?(?![\p{L}\p{N}.-])/giu;
/** Where literature, guidelines and labels are published: such an address names nobody. */
const published =
  /(?:^|[/.])(?:nih\.gov|fda\.gov|cdc\.gov|medlineplus\.gov|clinicaltrials\.gov|[a-z0-9-]+\.gov|who\.int|europa\.eu|nice\.org\.uk|nhs\.uk|sign\.ac\.uk|doi\.org|nejm\.org|thelancet\.com|bmj\.com|jamanetwork\.com|cochranelibrary\.com|cochrane\.org|acc\.org|aha\w*\.org|escardio\.org|uptodate\.com|medscape\.com|wikipedia\.org|springer\.com|sciencedirect\.com|nature\.com|wiley\.com|plos\.org|mdcalc\.com|drugs\.com|diabetesjournals\.org|idsociety\.org|nccn\.org|asco\.org)(?=[/:?#]|$)/iu;
const ipv4 =
  /(?<![\p{L}\p{N}.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\p{L}\p{N}]|\.\d)/gu;
const ipv6 =
  /(?<![\p{L}\p{N}:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\p{L}\p{N}:])|(?<![\p{L}\p{N}:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\p{L}\p{N}:])/giu;

const extension = "(?:\\s?(?:x|ext\\.?|extension)\\s?\\d{1,6})?";
const edge = "(?<![\\p{L}\\p{N}./+-])";
const close = "(?![\\p{L}\\p{N}]|[./-]\\d)";
const international = new RegExp(
  `${edge}(?:\\+|00[1-9]?(?=[\\d -]))\\d{0,3}[ .-]?(?:\\(0?\\d{0,4}\\)[ .-]?)?\\d{1,4}(?:[ .-]?\\d{2,4}){1,5}${extension}${close}`,
  "giu",
);
const northAmerican = new RegExp(
  `${edge}(?:1[ .-])?(?:\\(\\d{3}\\)\\s?|\\d{3}[.-])\\d{3}[ .-]\\d{4}${extension}${close}`,
  "giu",
);
/** British and continental numbers with their trunk zero. */
const trunkZero = new RegExp(
  `${edge}(?:\\(0\\d{1,5}\\)\\s?\\d{2,4}(?:[ -]?\\d{2,4}){1,3}|0\\d{2,4}[ -]\\d{2,4}(?:[ -]?\\d{2,4}){1,3}|0[1-9]\\d{8,9})${extension}${close}`,
  "giu",
);
/** Any number after words that say that it is one. */
const said = new RegExp(
  `(?<![\\p{L}])(?:tel(?:ephone)?|phones?|ph|mob(?:ile)?|cell(?:phone)?|fax|desk|landline|pager|bleep|home|work|contact(?:able)?|call(?:\\s+(?:me|him|her|them|back))?|ring|reach(?:ed|able)?|text|whatsapp|answering|messages|dial)(?![\\p{L}])(?:\\s*(?:no|nr|num|number|is|at|on|to|him|her|me|them|the|family|wife|husband|son|daughter|[:.#=–-]))*\\s*(?<x>\\+?\\(?\\d[\\d().\\s/-]{4,20}\\d${extension})(?![\\p{L}\\p{N}])`,
  "dgiu",
);

/** E-mail, web and network addresses, phones and faxes. */
export function findContacts(text: string): FoundIdentifier[] {
  const count = (digits: string) => digitsOf(digits.split(/x|ext/i)[0] ?? "").length;
  const isPhone = ([number]: RegExpExecArray) => count(number) >= 8 && count(number) <= 15;
  return [
    ...matches(text, email, "email"),
    ...matches(text, url, "url", ([address]) => !published.test(hostOf(address))),
    ...matches(text, domain, "url", ([address]) => !published.test(hostOf(address))),
    ...matches(text, ipv4, "ip", ({ index }) => !/\b(?:v|version|ver\.?|release)\s?$/i.test(text.slice(0, index))),
    ...matches(text, ipv6, "ip", ([address]) => /[0-9a-f]{2}/i.test(address) && address.split(":").length > 3),
    ...matches(text, international, "phone", isPhone),
    ...matches(text, northAmerican, "phone", isPhone),
    ...matches(text, trunkZero, "phone", isPhone),
    ...matches(text, said, "phone", (match) => {
      const number = match.groups?.x ?? "";
      return count(number) >= 6 && count(number) <= 15 && !/\d\s*[-–]\s*\d{1,3}$/.test(number.length < 9 ? number : "");
    }),
  ];
}

function hostOf(address: string): string {
  return address.replace(/^\w+:\/\//, "").split(/[/?#]/)[0] ?? "";
}
