/**
 * What a question wants to know of its subject. Words alone do not tell: "Give 0.5 mg by injection" answers a question
 * for a dose and shares no word with it.
 * @returns a factor of a sentence's score: above 1 for one that says such a thing
 */
export type Aspect = (sentence: string, section: string) => number;

const massPattern = /\d\s*(?:mg|mcg|µg|μg|micrograms?|g|grams?|units?|iu|mmol|meq|ml|puffs?|tablets?|drops?|mg\/kg)\b/i;
const imperative =
  /^(?:\W*\d[\d.]*\s+)?(?:give|offer|use|start|treat|add|consider|begin|prescribe|administer|avoid|do not|stop|increase|switch|choose|prefer)\b|\b(?:is|are) (?:treated|managed|given|recommended)\b|\bfirst[- ](?:line|choice)\b|\btreatment of choice\b/i;
const withheld = /\b(?:do not|don't|never|avoid|must not|should not)\b/i;
const definition =
  /^(?:\W*\d[\d.]*\s+)?(?:an?|the)?\s*\S+(?:\s\S+){0,6}\s(?:is|are) (?:an?|the)\s|\bthis (?:teaching )?text covers\b/i;

const says =
  (pattern: RegExp, yes: number, no = 1): Aspect =>
  (sentence, section) =>
    pattern.test(sentence) || pattern.test(section) ? yes : no;

const aspects: [asked: RegExp, aspect: Aspect][] = [
  [
    /\bdos(?:e|es|age|ing)\b|\bhow much\b|(?<!\p{L})dosis(?!\p{L})|posolog/iu,
    (sentence) => (massPattern.test(sentence) ? 1.6 : 0.7),
  ],
  [
    /\b(?:how (?:many|long|often|soon|fast)|threshold|level|range|when|rate|limit|cut-?off|maximum|minimum|window|target|goal)\b/i,
    (sentence) => (/\d/.test(sentence) ? 1.25 : 1),
  ],
  [/\b(?:start|starting|initial|begin|first dose)\b/i, says(/\b(?:start\w*|initial\w*|begin\w*|first)\b/i, 1.2)],
  [
    /\b(?:target|goal|aim)\b/i,
    (sentence) => (/\b(?:target|goal|aim|aims|aimed|keep|lower to|maintain)\b/i.test(sentence) ? 1.4 : 0.9),
  ],
  [
    /\b(?:treat\w*|manage\w*|therap\w*|first[- ]line|first[- ]choice)\b|\btrata(?:r|n|miento)?\b/i,
    (sentence) => (imperative.test(sentence) ? 1.3 : definition.test(sentence) ? 0.7 : 1),
  ],
  [
    /\b(?:what|which)\b.*\b(?:given?|used?|offered?|prescribed?|chosen)\b/i,
    // What is not to be given answers what is, if nothing else does.
    (sentence) => (withheld.test(sentence) ? 0.6 : imperative.test(sentence) ? 1.3 : 1),
  ],
  [
    /\b(?:reduc\w*|lower\w*|halv\w*|adjust\w*|increas\w*)\b/i,
    says(/\b(?:reduc\w*|lower\w*|half|halv\w*|adjust\w*|increas\w*|doubl\w*)\b/i, 1.3),
  ],
  [
    /\b(?:stop\w*|discontinu\w*|withh[eo]ld\w*|contraindic\w*)\b/i,
    says(/\b(?:stop\w*|discontinu\w*|withh[eo]ld\w*|contraindicat\w*|do not (?:use|give|start))\b/i, 1.3),
  ],
  [/\bsymptoms?\b|\bsigns?\b|síntoma/i, says(/\bsymptoms?\b|\bsigns?\b|síntoma/i, 1.3, 0.85)],
  [/\binteract\w*|\btogether with\b|\bcombin\w*/i, says(/interact/i, 1.25)],
  [/\bside effects?|\badverse\b|efectos/i, says(/side effects?|adverse|efectos/i, 1.35)],
  [/\bsafe(?:ty)?\b/i, says(/\bsafe\w*\b|contraindicat|must not|avoid|harm|risk|do not/i, 1.2)],
  [/\b(?:monitor\w*|check\w*|measur\w*)\b/i, says(/\b(?:monitor\w*|check\w*|measur\w*)\b/i, 1.25)],
  [/\bdiagnos\w*/i, says(/\bdiagnos\w*|\bconfirm\w*/i, 1.25)],
];

/** Groups that a sentence may be limited to; one that nobody asked about answers less, another than the asked one little. */
const groups: [name: string, pattern: RegExp][] = [
  ["children", /\b(?:child(?:ren)?|p(?:a)?ediatric\w*|infants?|neonat\w*|newborns?|adolescents?)\b|\bniñ[oa]s\b/i],
  ["pregnancy", /\b(?:pregnan\w*|trimesters?)\b|embaraz/i],
  ["adults", /\badults?\b|\badultos\b/i],
  ["breastfeeding", /\b(?:breast-?feed\w*|lactat\w*)\b|lactancia/i],
];

/** What a question asks for, and of whom. */
export function aspectsOf(question: string): Aspect[] {
  const wanted = aspects.filter(([asked]) => asked.test(question)).map(([, aspect]) => aspect);
  const about = groups.filter(([, pattern]) => pattern.test(question)).map(([name]) => name);
  const population: Aspect = (sentence, section) => {
    const text = `${section} ${sentence}`;
    const said = groups.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
    if (said.length === 0 && about.some((name) => name !== "adults")) return 0.8;
    if (said.length === 0 || said.some((name) => about.includes(name))) return 1;
    return about.length > 0 ? 0.65 : said.includes("adults") ? 1 : 0.85;
  };
  return [...wanted, population];
}
