import { contentWords, stem, wordsOf } from "../words.ts";
import { abbreviationTable } from "./abbreviation-table.ts";
import type { Change } from "./types.ts";

const continues =
  /^(?:and|or|but|so|what about|how about|why|then|also|same|is that|does that|are those|y|o|pero|por qué|qué hay de)\b|\b(?:it|its|this|that|these|those|they|them|their|such)\b|\bthe (?:drug|medicine|medication|disease|condition|treatment)\b/i;

/** Words that ask something of a subject, and name none: dose, safety, whom, how. */
const aspects = new Set(
  `absolute acute adequate adjust adjustment administer administration adolescents adult adults adverse after age aged ages
  alternative alternatives amount avoid benefit benefits best better breastfeed breastfeeding cause causes caution cautions
  change check child childhood children choice chronic common compare compared contraindicated contraindication
  contraindications cost course daily dangerous day days diagnose diagnosed diagnosis difference dosage dose doses dosing
  duration early effect effective effectiveness effects efficacy elderly evidence exception exceptions failure fast female
  find first follow frequency frequent function give given good guideline guidelines harm harms help high hour hours
  impairment important increase infant infants initial initially interact interaction interactions kidney know known lactation
  level levels line liver long loading lower lowest maintenance make male man manage managed management many maximum mean
  measure mechanism men mild minimum moderate monitor monitored monitoring month months mortality much need needed neonate
  neonates new newborn newborns normal often old older option options oral outcome outcomes patient patients people
  person possible pregnancy pregnant prevent prevented prevention primary prognosis range rare rate reason recommend
  recommendation recommendations recommended reduce renal hepatic repeat result results risk risks route safe safely safety
  second severe severity side sign signs start started starting stop stopped stopping study studies symptom symptoms take
  taken taking target teenagers test tests third threshold time times treat treated treating treatment treatments trial
  trials trimester tried try type typical use used useful using usual value week weeks well woman women work works worse
  year years young yes please tell say explain mention happens happen call called do does long term short
  warning warnings precaution precautions want wants question else anything something another other others people`.split(
    /\s+/,
  ),
);
const aspectStems = new Set([...aspects].map(stem));

/** The question's words that name what it is about: a drug, a disease, an abbreviation. As written, in order. */
export function subjectsOf(question: string): string[] {
  return contentWords(question)
    .filter(
      (word) =>
        (word.length > 2 || abbreviationTable.has(word.toUpperCase())) &&
        !aspectStems.has(stem(word)) &&
        !/^\d/.test(word),
    )
    .map((word) => asWritten(question, word));
}

/**
 * The question with the subject of the questions before it, when it follows up and has none of its own ("And in
 * pregnancy?", "The dose?"): the words that name something, of the nearest question that has such words, and not the
 * whole of it. A follow-up that names one thing more ("What about apixaban?") takes up what it was asked of.
 */
export function carrySubjects(question: string, earlierQuestions: string[]): { text: string; changes: Change[] } {
  const unchanged = { text: question, changes: [] };
  if (earlierQuestions.length === 0) return unchanged;
  const own = subjectsOf(question);
  const isShort = contentWords(question).length <= 5;
  const follows = continues.test(question.trim()) || (own.length === 0 && isShort);
  if (!follows || !isShort) return unchanged;
  const carried =
    earlierQuestions
      .toReversed()
      .map(subjectsOf)
      .find((subjects) => subjects.length > 0) ?? [];
  // "What about apixaban?" asks the earlier question anew of another drug: its first subject makes way.
  const swaps = own.length > 0 && /^(?:(?:and|or|but)\s+)?(?:what|how) about\b|^(?:and|or)\b/i.test(question.trim());
  const held = new Set(wordsOf(question).map(stem));
  const kept = (swaps ? carried.slice(1) : carried).filter(
    (word) => !wordsOf(word).every((part) => held.has(stem(part))),
  );
  if (kept.length === 0) return unchanged;
  const text = `${[...new Set(kept)].join(" ")}: ${question}`;
  return { text, changes: [{ kind: "carried", from: question, to: text }] };
}

function asWritten(question: string, word: string): string {
  const at = question.toLowerCase().search(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "u"));
  return at === -1 ? word : question.slice(at, at + word.length);
}
