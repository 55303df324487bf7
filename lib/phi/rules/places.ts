import type { FoundIdentifier } from "../types.ts";
import { commonWords, eponymHead } from "../words/medicine.ts";
import { knownTowns, largePlaces } from "../words/places.ts";
import { matches, plain } from "./matching.ts";

const word = "\\p{Lu}[\\p{L}\\p{M}’'.-]*";
const town = `(?:(?:St|Port|Fort|San|Santa|El|La|Le|Los|Las|Novo|Villa|Bad)\\.? )?${word}(?:(?: (?:upon|on|under|de|del|de la|am|an der|nad|do|da|i|by|le|la)|-(?:on|upon|in|under|le|la|en|de|sur)-)? ?-?${word}){0,3}`;
const open = "(?<![\\p{L}\\p{N}])";
/** Where somebody lives, comes from or goes. */
const of = new RegExp(
  `${open}(?:(?:[Ll]ives?|[Ll]iving|lived|resides?|residing|grew up|born|raised|based|resident|works?|working|homeless) (?:near |just outside |outside )?in|(?:originally |comes? |came |is |am |was |moved (?:here )?|moves |relocated |transferred |travell?ed |flew )from|(?:moved|flew|relocated|travell?ed|commutes|returned|travelling) (?:back )?to|[Rr]esident of|native of|travelling to|home ?town(?: is|:)|city:|town:|place of birth:|birthplace:|arrived (?:at|in)|[Ww]here:|born (?:on [^,.;]{4,20} )?(?:in|at)|I['’]m in|I am in) (?<x>${town})(?![\\p{L}\\p{N}])`,
  "dgu",
);
const known = new RegExp(
  `${open}(?:in|from|at|near|to|of|outside|around|,) (?<x>${word}(?: ${word}){0,2})(?![\\p{L}\\p{N}])`,
  "dgu",
);

const institution =
  "(?:(?:General |Community |University |Memorial |County |District |Royal |Children['’]s |Regional |City |Teaching )*(?:Hospital|Infirmary|Medical (?:Center|Centre|Practice)|Health (?:Center|Centre)|Hospice|Nursing Home|Care Home|Surgery|Sanatorium|Rehabilitation Cent(?:er|re)|Clinic|Care Cent(?:er|re)|Retirement (?:Home|Village)|House Care Home))";
const hospital = new RegExp(
  `(?:${open}(?:at|to|from|in|of|by|via|near|and|attends?|attended|under|hospital:|facility:|site:)\\s+(?:the\\s+)?|(?:^|[\\n:;,(]\\s*))(?<x>(?:St\\.? )?${word}(?: (?:of|and|the|&|${word})){0,4}? ${institution}(?:,? (?:of )?${word}(?=[.,;)\\n]|$))?|${word}['’]s (?:Hospital|Infirmary|Hospice|Clinic)|(?:Royal|Queen|King|St\\.?|Saint|Mount|Our) ${word}(?: ${word}){0,3} ${institution})(?![\\p{L}\\p{N}])`,
  "dgu",
);
const ward = /(?<![\p{L}])(?:room|bed|bay|cubicle)\s+(?:no\.?\s*)?(?<x>\d{1,4}[A-Za-z]?)(?=[\s,.;)]|$)/dgiu;
/** Names of institutions that stand in the names of trials, scores and guidelines. */
const famous =
  /^(?:Mayo|Cleveland|Johns Hopkins|Massachusetts General|Memorial Sloan|Royal Marsden|Great Ormond|Hospital|Local|Private|Public|Acute|General|District|Teaching|University|Community|Children|Day|Field|Mental|Primary|Outpatient|The|A|An|Any|Each|This|Our)\b(?! ?[’']s \p{Lu})/u;

/** Towns in which somebody lives, hospitals and homes; countries and states are none. */
export function findPlaces(text: string): FoundIdentifier[] {
  const isTown = (match: RegExpExecArray) => {
    const name = match.groups?.x ?? "";
    const first = plain(name.split(/[\s-]/)[0] ?? "");
    if (largePlaces.has(plain(name)) || largePlaces.has(first) || commonWords.has(first)) return false;
    if (/^[\p{Lu}\p{N}-]{2,4}$/u.test(name) && !knownTowns.has(name.toLowerCase())) return false;
    return !isTerm(text, match);
  };
  return [
    ...matches(
      text,
      of,
      "place",
      (match) =>
        (isTown(match) && !/^(?:is|was|am) from/.test(match[0])) ||
        (isTown(match) && knownTowns.has((match.groups?.x ?? "").toLowerCase())),
    ),
    ...matches(text, known, "place", (match) => {
      const name = match.groups?.x ?? "";
      return knownTowns.has(name.toLowerCase()) && isPersonal(text, match) && !isTerm(text, match);
    }),
    ...matches(text, hospital, "place", (match) => !famous.test(match.groups?.x ?? "") && !isTerm(text, match)),
    ...matches(text, ward, "place", (match) =>
      /\b(?:patient|pt|mrs?|ms|she|he|in|ward|resident)\b/i.test(
        text.slice(Math.max(0, match.index - 40), match.index),
      ),
    ),
  ];
}

function isTerm(text: string, match: RegExpExecArray): boolean {
  const end = match.indices?.groups?.x?.[1] ?? match.index + match[0].length;
  return (
    eponymHead.test(text.slice(end, end + 60)) ||
    /^\s+(?:et al|\d{4}\b|guideline|declaration|consensus|convention)/iu.test(text.slice(end))
  );
}

/** A town alone may stand in the name of a study: only what speaks of one person tells of where they are. */
function isPersonal(text: string, match: RegExpExecArray): boolean {
  const around = text.slice(Math.max(0, match.index - 80), match.index + match[0].length + 40);
  return (
    /\b(?:[Ll]ives?|[Ll]iving|lived|resident|resides|home|moved|from|works?|patient is|she|he|his|her|my|our|mrs?|ms|i|we|GP in|admitted|transferred|seen in|born)\b/i.test(
      around,
    ) &&
    !/\b(?:study|trial|cohort|guidelines?|criteria|classification|university of|conference|consensus|outbreak|epidemic|patients)\b/i.test(
      around,
    )
  );
}
