import type { FoundIdentifier } from "../../types.ts";
import { familyEnding, familyNames } from "../../words/family-names.ts";
import { givenNames } from "../../words/given-names.ts";
import { commonWords, eponyms, wordLikeNames } from "../../words/medicine.ts";
import { matches, plain } from "../matching.ts";
import { open, shut } from "./forms.ts";

const patientLower = new RegExp(
  `${open}(?:[Pp]atient|[Pp]t|PT) (?<x>(?<given>[a-z]{3,15}) (?<family>[a-z](?:[a-z-]|[’'](?!s\\b)){2,20}))${shut}`,
  "dgu",
);
const lowerPair = new RegExp(
  `${open}(?<x>(?<given>[a-z]{3,15}) (?<family>[a-z](?:[a-z-]|[’'](?!s\\b)){2,20}))${shut}`,
  "dgu",
);

/** Names that are written small: "pt john smith". */
export function smallNames(text: string): FoundIdentifier[] {
  return [...matches(text, lowerPair, "name", isLowerPair), ...matches(text, patientLower, "name", isPatientLower)];
}

function isLowerPair(match: RegExpExecArray): boolean {
  const { given = "", family = "" } = match.groups ?? {};
  return (
    givenNames.has(given) &&
    (familyNames.has(plain(family)) || (family.length > 5 && familyEnding.test(family))) &&
    !wordLikeNames.has(given) &&
    !commonWords.has(given) &&
    !commonWords.has(family) &&
    !lowerWords.has(family) &&
    !eponyms.has(given) &&
    !eponyms.has(family)
  );
}

/** Behind a word for a patient an eponym is a name too: "pt john smith". */
function isPatientLower(match: RegExpExecArray): boolean {
  const { given = "", family = "" } = match.groups ?? {};
  const isFamilyName = familyNames.has(plain(family)) && !commonWords.has(family) && !lowerWords.has(family);
  return givenNames.has(given) && !wordLikeNames.has(given) && !commonWords.has(given) && isFamilyName;
}

/** Family names that are words when they are written small. */
const lowerWords = new Set(
  "bell baker ball banks barber beck berry bird bishop bond booth bridges brooks brown bull bush butler carpenter carter castle chandler chapman clay cole collier cook cooper cross curry day dean duke field fields fisher fletcher flowers ford fox french friend frost fuller gardener gardner garner gay gill glass glover goodman grant graves gray green greene grimes hale hall hammond hancock hand hart heath hill hobbs hodge holland hood hooper hope house hull hunt hunter hurst joy judge kane kent key king kirk knight knowles lamb lane law leach little long love low lowe manning march marsh mason may mead merchant mercer mills moody moon moore moss myers noble norm norman page palmer park parks parson payne peck penny perry pike pitts pollard poole pope porter potter power powers price pride pugh quick rains reed reese reeves rhodes rich rose rush sage savage sawyer sharp shepherd short silva skinner slater sloan small snow sparks spears speed spencer spring stark steel steele stern stone street strong sutton swan sweet tate taylor temple tucker turner tyler wade wagner walker wall walls walters ward ware warner waters watts weaver webb weeks wells west wheeler white wilder wise wolf wood woods wright yates york young lee li lin lam lim ito said tan ali bin das do due hu le li long may so to sun son than tran van wu xu yu zhou eze choi cho kaya moss moran".split(
    " ",
  ),
);
