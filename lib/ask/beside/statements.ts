import type { Passage } from "../passage.ts";
import { splitNames } from "../verify/names.ts";
import { stanceOf } from "../verify/negation.ts";
import { type Quantity, quantitiesOf } from "../verify/quantities.ts";
import { contentWords, stem } from "../words.ts";

/** An amount of a statement: what is measured, and between which values. */
export interface Amount {
  measure: string;
  unit: string | null;
  bound: string | null;
  low: number;
  high: number;
}

/** A sentence of a passage as what it says about whom: comparable with another's. */
export interface Statement {
  passage: Passage;
  /** Place in the passage's text. */
  start: number;
  end: number;
  /** Drugs it names; where it names none, those of its document's title. */
  drugs: Set<string>;
  /** Groups of people it is limited to. */
  people: Set<string>;
  /** `start`, `maximum`, `target`…: which dose or value is meant. */
  phases: Set<string>;
  actions: Set<string>;
  amounts: Amount[];
  stance: "for" | "against" | null;
  /** Stems of what else it speaks of, without drugs, numbers and words of every sentence. */
  stems: Set<string>;
}

const drugShape =
  /^(?=\p{L}{5})\p{L}*(?:mab|nib|pril|sartan|statin|olol|azole|cillin|mycin|floxacin|cycline|prazole|gliptin|gliflozin|tidine|triptan|setron|parin|xaban|gatran|grel|grelor|dipine|zosin|barbital|azepam|zolam|caine|glutide|formin|semide|thiazide|lukast|profen|oxetine|triptyline|dronate|farin|thyroxine|sone|solone|lactone|xate|lol|terol|tropium|vudine|ciclovir|platin|taxel|rubicin|dopa|fibrate|oxin|phylline|arone|conazole|triaxone|oxime|cetamol|minophen|spirin|phrine|naline|ketorolac|diclofenac|codone|orphine|tanyl|adol|zepine|toin|triptan|uracil|statine|sulin|lithium)$/u;
/** Words that end like a drug. */
const noDrug = new Set(
  "control cholesterol alcohol protocol bloodstream prone hormone person reason season lesson alone none bone stone zone".split(
    " ",
  ),
);

const peoplePatterns: [string, RegExp][] = [
  ["children", /\b(?:child\w*|p(?:a)?ediatric\w*|infants?|newborns?|neonat\w*|adolescen\w*|toddlers?)\b/i],
  ["pregnancy", /\b(?:pregnan\w*|trimester|gestation\w*|embaraz\w*)\b/i],
  ["breastfeeding", /\b(?:breast-?feed\w*|lactat\w*|nursing mothers?)\b/i],
  ["older people", /\b(?:elderly|older|geriatric|aged (?:over|≥|at least)|years? (?:or|and) (?:older|over))\b/i],
  ["kidney disease", /\b(?:renal|kidneys?|dialysis|eGFR|creatinine clearance|CKD)\b/i],
  ["liver disease", /\b(?:hepatic|liver|cirrho\w*|child-pugh)\b/i],
  ["mechanical valves", /\b(?:mechanical|prosthetic|valves?)\b/i],
  ["women", /\b(?:women|females?)\b/i],
  ["men", /\b(?:men|males?)\b/i],
  ["dialysis", /\b(?:ha?emo)?dialysis\b/i],
  ["diabetes", /\bdiabet\w*\b/i],
  ["heart failure", /\bheart failure\b/i],
  ["surgery", /\b(?:surg\w*|perioperative|operation)\b/i],
  ["severe", /\bsevere(?:ly)?\b/i],
  ["mild", /\bmild(?:ly)?\b/i],
  ["moderate", /\bmoderate(?:ly)?\b/i],
];
const phasePatterns: [string, RegExp][] = [
  ["start", /\b(?:start\w*|initial\w*|begin\w*|loading|first dose)\b/i],
  ["maximum", /\b(?:max\w*|up to|exceed\w*|at most|no more than)\b/i],
  ["target", /\b(?:target\w*|goal|aim\w*)\b/i],
  ["maintenance", /\b(?:maint\w*|long-term|thereafter|continu\w*)\b/i],
  ["reduced", /\b(?:reduc\w*|halv\w*|lower\w*|decreas\w*)\b/i],
  ["intravenous", /\b(?:intraven\w*|infus\w*|IV)\b/i],
  ["oral", /\b(?:oral\w*|by mouth|tablets?)\b/i],
  ["intramuscular", /\b(?:intramusc\w*|IM)\b/i],
];
const actionPatterns: [string, RegExp][] = [
  [
    "stop",
    /\b(?:stop\w*|discontinu\w*|contraindicat\w*|avoid\w*|withh[eo]ld\w*|do not (?:use|give|start)|not recommended)\b/i,
  ],
  ["reduce", /\b(?:reduc\w*|halv\w*|lower (?:the )?dose|half the)\b/i],
  ["start", /\b(?:start|begin|initiat\w*|offer|give|use|treat)\b/i],
  ["check", /\b(?:monitor\w*|check\w*|measur\w*|review\w*)\b/i],
];
/** What a number can be a value of; where none is named, a mass is a dose. */
const measurePatterns: [string, RegExp][] = [
  ["eGFR", /\beGFR\b|\bglomerular filtration/i],
  ["creatinine clearance", /\bcreatinine clearance\b|\bCrCl\b/i],
  ["INR", /\bINR\b/i],
  ["HbA1c", /\b(?:hb)?a1c\b/i],
  ["blood pressure", /\b(?:blood |systolic |diastolic )?pressure\b/i],
  ["potassium", /\bpotassium\b/i],
  ["LDL cholesterol", /\bLDL\b/i],
  ["glucose", /\bglucose\b/i],
  ["heart rate", /\bheart rate\b/i],
  ["oxygen saturation", /\bsaturation\b|\bSpO2\b/i],
];
const masses = new Set(["g", "mg", "ug", "ng", "unit", "mmol", "meq", "ml", "tablet", "puff", "drop"]);
const generic = new Set(
  contentWords(
    "patient patients people adult adults dose doses dosage daily day days week month year given give use used using treatment therapy drug recommended recommend recommendation recommends should may must mg kg with usual usually once twice times oral start starting initial maximum stop contraindicated avoid sample guideline label tablet tablets per least",
  ).map(stem),
);

/** The sentences of a passage that say something which another source could say otherwise. */
export function statementsOf(passage: Passage): Statement[] {
  const statements: Statement[] = [];
  for (let index = 0; index + 1 < passage.sentences.length; index += 2) {
    const start = (passage.sentences[index] as number) - passage.start;
    const end = (passage.sentences[index + 1] as number) - passage.start;
    const text = passage.text.slice(start, end);
    const words = text.split(/\s+/).length;
    if (words < 4 || words > 60 || /\?\s*$|\|/.test(text)) continue;
    const statement = statementOf(passage, start, end, text);
    if (statement.amounts.length > 0 || statement.stance !== null) statements.push(statement);
  }
  return statements;
}

function statementOf(passage: Passage, start: number, end: number, text: string): Statement {
  const own = drugsOf(text);
  const { names, rest } = splitNames(text);
  const words = contentWords(rest).filter((word) => !/^\d/.test(word) && !drugsOf(word).size);
  return {
    passage,
    start,
    end,
    drugs: own.size > 0 ? own : drugsOf(passage.title),
    people: matching(peoplePatterns, text).union(new Set(names.keys())),
    phases: matching(phasePatterns, text),
    actions: matching(actionPatterns, text),
    amounts: amountsOf(rest, text),
    stance: stanceOf(text),
    stems: new Set(words.map(stem)).difference(generic),
  };
}

function drugsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return new Set(words.filter((word) => drugShape.test(word) && !noDrug.has(word)));
}

function matching(patterns: [string, RegExp][], text: string): Set<string> {
  return new Set(patterns.filter(([, pattern]) => pattern.test(text)).map(([name]) => name));
}

function amountsOf(rest: string, text: string): Amount[] {
  const { all, ranges } = quantitiesOf(rest);
  const inRange = new Map<Quantity, [Quantity, Quantity]>(ranges.flatMap((range) => range.map((one) => [one, range])));
  const measures = matching(measurePatterns, text);
  const amounts: Amount[] = [];
  for (const quantity of all) {
    const [low, high] = inRange.get(quantity) ?? [quantity, quantity];
    if (quantity !== low) continue;
    const measure = measureOf(high, measures);
    const values = [Number(low.value), Number(high.value)];
    if (measure === null || values.some(Number.isNaN)) continue;
    const unit = [high.unit, high.each ?? high.frequency].filter(Boolean).join(" per ") || null;
    amounts.push({ measure, unit, bound: low.bound, low: Math.min(...values), high: Math.max(...values) });
  }
  return amounts;
}

// More than one measure in a sentence leaves open which the number is of.
function measureOf({ unit, role }: Quantity, measures: Set<string>): string | null {
  const mass = unit?.split("/")[0];
  if (measures.size === 1 && (unit === null || !masses.has(unit))) {
    return role === null && unit !== "time" && !isTime(unit) ? ([...measures][0] as string) : null;
  }
  if (measures.size > 0) return null;
  if (mass && masses.has(mass) && unit && !/\/(?:dl|l|ml|ul|mol|min)/.test(unit)) return "dose";
  return role === "during" && isTime(unit) ? "duration" : null;
}

function isTime(unit: string | null): boolean {
  return unit !== null && ["s", "min", "h", "day", "week", "month", "year"].includes(unit);
}
