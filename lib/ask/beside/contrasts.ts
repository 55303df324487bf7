import type { AnswerSentence, Contrast } from "../../domain.ts";
import type { Passage } from "../passage.ts";
import { citationOf, type SourceNumbers } from "../verify/index.ts";
import { type Statement, statementsOf } from "./statements.ts";

const contrastLimit = 3;
/** Years apart that make two sources of one kind an older and a newer one. */
const yearsApart = 3;
/** Of the words of the shorter statement so many stand in the other: they speak of the same. */
const sameWords = 0.6;
const leastWords = 3;

const kinds: Record<string, string> = {
  guideline: "Guideline",
  label: "FDA label",
  systematic_review: "Systematic review",
  randomised_trial: "Randomised trial",
  observational: "Observational study",
  case_report: "Case report",
  review: "Review",
  consumer: "Health topic",
};
/** Kinds of evidence that count as one here: studies do not stand against studies of a neighbouring kind. */
const groups: Record<string, string> = {
  systematic_review: "study",
  randomised_trial: "study",
  observational: "study",
  case_report: "study",
  review: "study",
};

/**
 * Where supplied sources of different kinds, or of clearly different dates, do not say the same about the same thing:
 * another number for the same quantity, or a recommendation on one side and a refusal on the other. Told side by side.
 * Only statements about the same drugs, people and quantities are held against each other: a false contrast misleads
 * more than a missed one. Sides that the answer cites come first.
 */
export function findContrasts(sentences: AnswerSentence[], passages: Passage[], numbers: SourceNumbers): Contrast[] {
  const cited = new Set(sentences.flatMap(({ citations }) => citations.map(({ documentId }) => documentId)));
  const statements = passages.flatMap((passage) => statementsOf(passage));
  const isCited = ({ passage }: Statement) => cited.has(passage.documentId);
  const ordered = [...statements.filter(isCited), ...statements.filter((one) => !isCited(one))];
  const found: Contrast[] = [];
  const told = new Set<string>();
  for (const [at, one] of ordered.entries()) {
    for (const other of ordered.slice(at + 1)) {
      if (found.length === contrastLimit) return found;
      if (!mayDiffer(one.passage, other.passage)) continue;
      const about = differenceOf(one, other);
      const documents = [one, other].map(({ passage }) => passage.documentId).sort();
      const key = `${about} ${documents.join(" ")}`;
      if (about === null || told.has(key)) continue;
      told.add(key);
      const sides = [one, other].map(({ passage, start, end }) => ({
        label: labelOf(passage),
        citation: citationOf(passage, { start, end }, numbers),
      }));
      found.push({ about, sides });
    }
  }
  return found;
}

function mayDiffer(one: Passage, other: Passage): boolean {
  if (one.documentId === other.documentId || (one.clusterId !== null && one.clusterId === other.clusterId))
    return false;
  const kindOf = ({ evidenceLevel }: Passage) => groups[evidenceLevel] ?? evidenceLevel;
  if (kindOf(one) !== kindOf(other)) return true;
  const years = [one, other].map(({ publishedOn }) => Number(publishedOn?.slice(0, 4)));
  return Math.abs((years[0] as number) - (years[1] as number)) >= yearsApart;
}

/** What two statements differ in, with its subject; null when they agree or speak of different things. */
function differenceOf(one: Statement, other: Statement): string | null {
  if (!areEqual(one.people, other.people) || !areEqual(one.drugs, other.drugs)) return null;
  if (!areEqual(one.phases, other.phases)) return null;
  const shared = one.stems.intersection(other.stems);
  const shorter = Math.min(one.stems.size, other.stems.size);
  // "The maximum dose of metformin in adults": all that is said is the drug and which dose of it.
  const isBare = shorter < 2 && one.drugs.size > 0 && one.phases.size > 0 && areEqual(one.stems, other.stems);
  if (!isBare && (shared.size < Math.min(leastWords, Math.max(2, shorter)) || shared.size < sameWords * shorter))
    return null;
  const subject = [...one.drugs].join(" and ") || commonTitle(one, other);
  const named = (what: string) => (subject ? `${what}, ${subject}` : what);
  const amount = one.amounts.find((mine) =>
    other.amounts.some(
      (theirs) =>
        mine.measure === theirs.measure &&
        mine.unit === theirs.unit &&
        mine.bound === theirs.bound &&
        (mine.high < theirs.low || theirs.high < mine.low),
    ),
  );
  const sameAction = one.actions.size === 0 || other.actions.size === 0 || !one.actions.isDisjointFrom(other.actions);
  if (amount && sameAction) {
    // The same measure given twice in one sentence, for two cases, is held against nothing.
    const isSingle = [one, other].every(
      ({ amounts }) =>
        amounts.filter(({ measure, unit }) => measure === amount.measure && unit === amount.unit).length === 1,
    );
    return isSingle ? named(amount.measure) : null;
  }
  const opposed = one.stance !== null && other.stance !== null && one.stance !== other.stance;
  const noAmounts = one.amounts.length === 0 && other.amounts.length === 0;
  return opposed && noAmounts && one.drugs.size > 0 ? named("recommendation") : null;
}

function areEqual(one: Set<string>, other: Set<string>): boolean {
  return one.size === other.size && one.isSubsetOf(other);
}

function commonTitle(one: Statement, other: Statement): string {
  const words: string[] = other.passage.title.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  const shared = (one.passage.title.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter((word) => words.includes(word));
  return shared.filter((word) => !/^(?:sample|guideline|with|from|adults?|management|treatment)$/.test(word)).join(" ");
}

/** "Guideline, 2024", "FDA label, 2019, superseded". */
function labelOf({ evidenceLevel, publishedOn, status }: Passage): string {
  const marks = [kinds[evidenceLevel] ?? "Source", publishedOn?.slice(0, 4), status !== "current" && status];
  return marks.filter(Boolean).join(", ");
}
