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

const extension = "(?:,?\\s?(?:x|ext\\.?|extension|#)\\s?\\d{1,6})?";
const edge = "(?<![\\p{L}\\p{N}./+-])";
const close = "(?![\\p{L}\\p{N}]|[./-]\\d)";
/** What stands between the groups of a number; a dash may be any. */
const gap = "[ .\\u00a0/\\u2010-\\u2013-]";
const international = new RegExp(
  `${edge}(?:\\((?=\\+?\\d{1,5}\\)))?(?:\\+|00[1-9]?(?=[\\d -]))\\d{0,3}\\)?${gap}?(?:\\(0?\\d{0,4}\\)${gap}?)?\\d{1,4}(?:${gap}?\\d{2,4}){1,5}${extension}${close}`,
  "giu",
);
const northAmerican = new RegExp(
  `${edge}(?:1${gap}?(?=\\()|1${gap})?(?:\\(\\d{3}\\)${gap}?|\\d{3}[.\\u2010-\\u2013-])\\d{3}${gap}\\d{4}${extension}${close}`,
  "giu",
);
const spaced = new RegExp(`${edge}(?:1 )?\\d{3} \\d{3} \\d{4}${extension}${close}`, "giu");
/** British and continental numbers with their trunk zero. */
const trunkZero = new RegExp(
  `${edge}(?:\\(0\\d{1,5}\\)${gap}?\\d{2,4}(?:${gap}?\\d{2,4}){1,3}|0\\d(?:${gap}\\d{2}){4}|0\\d{2,4}[ /-]\\d{2,4}(?:[ .-]?\\d{2,4}){1,3}|0\\d ?\\d{4}[ -]\\d{4}|0\\d \\d{3} \\d{3,4} ?\\d{0,4}|0\\d{3,5}[ /-]\\d{5,8}|0[1-9]\\d{8,9})${extension}${close}`,
  "giu",
);
/** An area in brackets; a mobile prefix of two digits. */
const bracketed = new RegExp(
  `${edge}(?:8 ?)?\\(\\d{2,5}\\)${gap}?\\d{2,5}(?:${gap}\\d{2,5}){1,3}${extension}${close}|${edge}0\\d(?:[ -]\\d{2,4}){3,4}${extension}${close}`,
  "giu",
);
/** Groups of digits in any form, for texts that speak of a phone shortly before. */
const loose = new RegExp(`${edge}\\(?\\d{2,5}\\)?(?:[ -]\\d{2,7}){1,4}${extension}${close}`, "giu");
const shortlyBefore =
  /(?<![\p{L}])(?:call|phone|telephone|tel|mobile|cell|reach|contact|number(?! of)|messages?|answer(?:ing|s)?|text|dial|ring|fax|voicemail)(?![\p{L}])[^\d?]{0,80}$/iu;
/** Digits in groups as phones have them, alone on their line, or pairs with dashes, which no date and no dose is. */
const alone = new RegExp(
  `(?<=^|\\n)[ \\t]*(?<x>\\+?\\(?\\d{1,5}\\)?(?:${gap}\\d{2,5}){1,5}${extension})(?=[ \\t]*\\.?(?:\\n|$))`,
  "dgiu",
);
const pairs = new RegExp(`${edge}\\d{2}(?:-\\d{2}){3,4}${close}`, "gu");
/** Behind a number that counts or measures something. */
const amount =
  /^\s?(?:%|‰|°|(?:mg|mcg|µg|μg|ng|g|kg|ml|dl|l|mmol|mol|mm|cm|m|kcal|iu|u|units?|hours?|days?|weeks?|months?|years?|patients?|people|persons|cases|women|men|children|adults|participants|subjects|times|per|of|and \d|to \d)(?![\p{L}]))/iu;
/** Any number after words that say that it is one. */
const said = new RegExp(
  `(?<![\\p{L}])(?:tel(?:ephone)?|telefon|phones?|ph|mob(?:ile)?|cell(?:phone)?|fax|desk|landline|switchboard|voicemail|hotline|helpline|pager|bleep|home|work|office|direct(?: line)?|contact(?:able)?|call(?:s|ed|ing|er)?(?:\\s+(?:me|him|her|them|back))?|r[iau]ng|reach(?:ed|able)?|text(?:s|ed)?|sms|whatsapp|signal|viber|answer(?:ing|s|ed)?|messages?|dial(?:led|ed)?|(?:my|his|her|their|our|your|new|old|whose)\\s+(?:\\p{L}+\\s+)?number|number(?:\\s+(?:is|to)))(?![\\p{L}])(?:['’]s(?![\\p{L}]))?(?:\\s*\\([\\p{L} ]{1,20}\\))?(?:\\s*(?:nos?|nr|num|numbers?|is|was|are|at|on|to|from|under|via|changed|him|her|me|us|them|the|this|that|my|his|their|our|your|family|wife|husband|son|daughter|mother|father|parents?|back|new|old|current|main|direct|line|phone|mobile|office|home|work|or|[,"“:.#=–-])(?![\\p{L}]))*\\s*(?<x>\\+?\\(?\\d[\\d().\\s/\\u2010-\\u2013-]{4,20}\\d${extension})(?![\\p{L}\\p{N}])`,
  "dgiu",
);

/** E-mail, web and network addresses, phones and faxes. */
export function findContacts(text: string): FoundIdentifier[] {
  const count = (digits: string) => digitsOf(digits.split(/x|ext/i)[0] ?? "").length;
  const isNoAmount = ({ index, 0: whole }: RegExpExecArray) =>
    !amount.test(text.slice(index + whole.length, index + whole.length + 24)) && !/\D000$/.test(whole);
  const isLone = (number: string) =>
    count(number) >= 7 &&
    count(number) <= 13 &&
    !/^(?:(?:19|20)\d\d\D\d\d?\D\d\d?|\d\d?\D\d\d?\D(?:19|20)\d\d|(?:19|20)\d\d\D(?:19|20)\d\d|(?:19|20)\d\d-\d{6}-\d\d)$/.test(
      number,
    );
  const isPhone = ({ 0: number }: { 0: string }) => count(number) >= 8 && count(number) <= 15;
  return [
    ...matches(text, email, "email"),
    ...matches(text, url, "url", ([address]) => !published.test(hostOf(address))),
    ...matches(text, domain, "url", ([address]) => !published.test(hostOf(address))),
    ...matches(text, ipv4, "ip", ({ index }) => !/\b(?:v|version|ver\.?|release)\s?$/i.test(text.slice(0, index))),
    ...matches(text, ipv6, "ip", ([address]) => /[0-9a-f]{2}/i.test(address) && address.split(":").length > 3),
    ...matches(text, international, "phone", isPhone),
    ...matches(text, northAmerican, "phone", isPhone),
    ...matches(text, spaced, "phone", (match) => isPhone(match) && isNoAmount(match)),
    ...matches(text, trunkZero, "phone", isPhone),
    ...matches(text, pairs, "phone", (match) => isPhone(match) && isNoAmount(match)),
    ...matches(
      text,
      bracketed,
      "phone",
      (match) => count(match[0]) >= 7 && isPhone({ 0: `0${match[0]}` }) && isNoAmount(match),
    ),
    ...matches(
      text,
      loose,
      "phone",
      (match) =>
        isLone(match[0]) &&
        isNoAmount(match) &&
        shortlyBefore.test(text.slice(Math.max(0, match.index - 100), match.index)),
    ),
    ...matches(text, alone, "phone", (match) => isLone(match.groups?.x ?? "")),
    ...matches(text, said, "phone", (match) => {
      const number = match.groups?.x ?? "";
      return (
        isNoAmount(match) &&
        count(number) >= 6 &&
        count(number) <= 15 &&
        !/\d\s*[-–]\s*\d{1,3}$/.test(number.length < 9 ? number : "")
      );
    }),
  ];
}

function hostOf(address: string): string {
  return address.replace(/^\w+:\/\//, "").split(/[/?#]/)[0] ?? "";
}
