/** On which side of a number what is said lies; `within` is a limit in time or space that prose does not make exact. */
export type Bound = "above" | "at_least" | "below" | "at_most" | "within";
export type Change = "up" | "down";

const filler =
  "(?:\\s*(?:of|a|an|the|age|aged|total|about|approximately|around|roughly|is|was|are|los|las|el|la|un|una|dose|daily|per|is:|:))*\\s*[~(]?\\s*$";
const before = (bound: Bound, words: string): readonly [RegExp, Bound] => [
  new RegExp(`(?:^|[^\\p{L}\\p{N}])(?:${words})${filler}`, "iu"),
  bound,
];
const sign = (bound: Bound, signs: string): readonly [RegExp, Bound] => [new RegExp(`(?:${signs})\\s*$`, "u"), bound];

// The first that fits counts: "greater than or equal to" before "greater than", "no more than" before "more than".
const befores = [
  sign("at_least", "≥|≧|⩾|>\\s*=|=\\s*>"),
  sign("at_most", "≤|≦|⩽|<\\s*=|=\\s*<"),
  sign("above", ">"),
  sign("below", "<"),
  before(
    "at_least",
    "(?:greater|more|higher|older|longer) than or equal to|equal to or (?:greater|more|higher|above|older|longer)(?: than)?|at least|(?:no|not|never|nor) (?:be )?(?:less|fewer|lower|below|under|younger|shorter|earlier)(?: than)?|at or (?:above|over)|minimum(?: \\p{L}+){0,3}|upwards of|starting at age|from age|al menos|por lo menos|como mínimo|mínimo|no menos de|(?:mayor|igual) o (?:igual|mayor)(?: a| que)?",
  ),
  before(
    "at_most",
    "(?:less|fewer|lower|younger|shorter) than or equal to|equal to or (?:less|lower|below|younger)(?: than)?|at (?:the )?most|(?:no|not|never|nor) (?:be )?(?:more|greater|higher|above|over|older|longer|later|larger)(?: than)?|(?:not|never|no|without|cannot|nor)(?: \\p{L}+){0,2} exceed(?:ing|ed)?|at or (?:below|under)|max(?:imum|imal|\\.)?(?: \\p{L}+){0,3}|up to|limited to|as (?:much|many|high|long) as|a lo sumo|como máximo|máximo|hasta|no más de|no exceder|(?:menor|igual) o (?:igual|menor)(?: a| que)?",
  ),
  before(
    "above",
    "(?:more|greater|higher|older|longer|later|larger|heavier) than|above|over|beyond|exceed(?:s|ed|ing)?|in excess of|más de|mayor(?:es)?(?: de| que| a)?|superior(?:es)? a|por encima de",
  ),
  before(
    "below",
    "(?:less|fewer|lower|younger|shorter|earlier|smaller|lighter) than|below|under|short of|menos de|menor(?:es)?(?: de| que| a)?|inferior(?:es)? a|por debajo de",
  ),
  before("within", "within(?: the (?:first|next|last|past))?|en (?:las|los) primer[oa]s|dentro de"),
];

const goesOn = "(?!\\s+(?:than\\b|\\d))";
const after = (bound: Bound, words: string): readonly [RegExp, Bound] => [
  new RegExp(`^(?:\\s*(?:years?|old|of age|in age))*\\s*[,(]?\\s*(?:${words})(?![\\p{L}\\p{N}])${goesOn}`, "iu"),
  bound,
];
const afters = [
  after(
    "at_least",
    "(?:or|and|o|y) (?:more|older|above|greater|higher|over|longer|later|up|heavier|upwards|más|mayor(?:es)?|superior(?:es)?)|at least|minimum",
  ),
  after(
    "at_most",
    "(?:or|and|o|y) (?:less|lower|below|fewer|younger|under|shorter|smaller|earlier|menos|menor(?:es)?|inferior(?:es)?)|at (?:the )?most|max(?:imum)?",
  ),
  [/^\s?\+(?![\p{N}])/u, "at_least"],
  // "30 < eGFR": what stands behind the sign is above the number.
  [/^\s*(?:≤|<\s*=)\s*\p{L}/u, "at_least"],
  [/^\s*(?:≥|>\s*=)\s*\p{L}/u, "at_most"],
  [/^\s*<\s*\p{L}/u, "above"],
  [/^\s*>\s*\p{L}/u, "below"],
] as const;

/** How long something takes: "infused over 30 minutes" is no bound. */
const lasting = /(?:^|[^\p{L}])over(?:\s+(?:a|the|about|approximately|at least))*\s*$/iu;
const aged = /(?:age|aged|adults?|people|patients|those|children|women|men|anyone|persons?|individuals)\s+over\s*$/iu;
const timeUnits = new Set(["s", "min", "h", "day", "week", "month", "year"]);

/**
 * The bound that the words around a number set to it.
 * @param ahead the text up to the number
 * @param behind the text from behind the number and its unit
 */
export function boundOf(ahead: string, behind: string, unit: string | null): Bound | null {
  if (unit && timeUnits.has(unit) && lasting.test(ahead) && !(unit === "year" && aged.test(ahead))) return null;
  const near = ahead.slice(-70);
  for (const [pattern, bound] of befores) if (pattern.test(near)) return bound;
  const next = behind.slice(0, 40);
  for (const [pattern, bound] of afters) if (pattern.test(next)) return bound;
  return null;
}

/** Whether what is said of a number stands on what its quote says of it; a bound may be left out, not put in. */
export function boundStands(said: Bound | null, held: Bound | null): boolean {
  if (said === null || said === held) return true;
  if (said === "within") return held === "at_most" || held === "below";
  return held === "within" && (said === "at_most" || said === "below");
}

const rises =
  "increas\\w*|rais(?:e|es|ed|ing)|ris(?:e|es|en|ing)|rose|elevat\\w*|gain(?:s|ed)?|grew|grow\\w*|aument\\w*";
const falls =
  "decreas\\w*|reduc\\w*|lower(?:s|ed|ing)|fell|fall(?:s|en|ing)?|drop(?:s|ped)?|declin\\w*|diminish\\w*|cut(?:s|ting)?|lost|loss|dismin\\w*";
const changes = new RegExp(`(?<![\\p{L}\\p{N}])(?:(?<up>${rises})|(?<down>${falls}))(?![\\p{L}\\p{N}])`, "giu");
const changesAfter = new RegExp(
  `^\\s*(?:\\p{L}+\\s+){0,2}?(?:(?<up>${rises}|higher|greater|more)|(?<down>${falls}|lower|less|fewer|smaller))(?![\\p{L}\\p{N}])`,
  "iu",
);

/** Whether a number says how far something rose or fell. @param ahead @param behind as in `boundOf`, within the clause */
export function changeOf(ahead: string, behind: string): Change | null {
  const clause = /[^.;:,]*$/.exec(ahead.slice(-90))?.[0] ?? "";
  // A number in between has the change for itself.
  const [last] = [...clause.matchAll(changes)].slice(-1);
  const first = last && !/\d/.test(clause.slice(last.index)) ? directionOf(last.groups) : null;
  const second = directionOf(changesAfter.exec(behind.slice(0, 50))?.groups);
  return first && second && first !== second ? null : (first ?? second);
}

function directionOf(groups: Record<string, string | undefined> | undefined): Change | null {
  if (groups?.up) return "up";
  return groups?.down ? "down" : null;
}
