import type { QuestionTerm } from "#db/index.ts";
import { type Aspect, aspectsOf } from "./aspects.ts";
import { coverageOf, holdsTerm } from "./coverage.ts";
import type { Passage } from "./passage.ts";
import type { ProposedSentence } from "./verify/index.ts";
import { givesOrders } from "./verify/instructions.ts";
import { stemsOf } from "./words.ts";

const sentenceLimit = 6;
const perDocument = 3;
const anchorLimit = 3;
/** A sentence is worth showing down to this share of the best one's score. */
const floor = 0.55;

interface Candidate {
  passage: Passage;
  start: number;
  end: number;
  text: string;
  stems: Set<string>;
  score: number;
}

/** Sentences that say what a text is about instead of what is so. */
const announces =
  /^(?:this|the present|our|the)\s+(?:\w+\s+){0,3}(?:review|study|article|paper|summary|guideline|chapter|trial|report)\b|^(?:we|to)\s+(?:aim|sought|investigate|evaluate|determine|assess|examine|compare|review|describe)|^(?:background|objective|aim|purpose)s?\b/i;
/** A heading, caption or cut line is no sentence: one begins with a capital, digit or quote and ends with a full stop. */
const isWhole = (text: string) => /^[\p{Lu}\p{N}"'“‘(•≥≤<>]/u.test(text) && /[.!:;)"'”’]$/.test(text);
const findings = /result|finding|conclusion|recommendation|interpretation|dosage|contraindication|warning/i;
const plans = /objective|background|aim|method|design|introduction|purpose/i;

/**
 * The extractive answer: the sentences of the passages that speak most of what was asked, grouped by document, in the
 * order in which they stand there. Nothing is written; every sentence is its own quote.
 */
export function extractSentences(question: string, terms: QuestionTerm[], passages: Passage[]): ProposedSentence[] {
  const asked: Asked = { terms, aspects: aspectsOf(question), anchors: anchorsOf(terms, passages) };
  const candidates = passages
    .filter((passage) => !isSideEffect(passage, question, terms))
    .flatMap((passage) => candidatesOf(passage, asked))
    .sort((left, right) => right.score - left.score);
  const chosen = choose(candidates);
  const byDocument = Map.groupBy(chosen, (candidate) => candidate.passage.documentId);
  return [...byDocument.values()].flatMap((group) =>
    group
      .toSorted((left, right) => left.passage.start + left.start - (right.passage.start + right.start))
      .map((candidate) => ({
        text: candidate.text.replace(/\s+/g, " "),
        group: candidate.passage.title,
        quotes: [{ passage: candidate.passage.number, quote: candidate.text }],
      })),
  );
}

const asksTreatment = /\b(?:treat\w*|manage\w*|therap\w*|first[- ]line|first[- ]choice)\b|\btrata(?:r|n|miento)?\b/i;
const harms = /warning|precaution|adverse|contraindicat|interaction/i;

/** What another drug's label warns of is no treatment of it: glaucoma as a harm of sertraline. */
function isSideEffect({ evidenceLevel, section, title, language }: Passage, question: string, terms: QuestionTerm[]) {
  if (evidenceLevel !== "label" || !harms.test(section ?? "") || !asksTreatment.test(question)) return false;
  const named = stemsOf(title, language);
  return !terms.some(({ lexeme }) => holdsTerm(lexeme, named));
}

function choose(candidates: Candidate[]): Candidate[] {
  let best: number | undefined;
  const chosen: Candidate[] = [];
  const counts = new Map<string, number>();
  for (const candidate of candidates) {
    if (givesOrders(candidate.text)) continue; // answers nothing
    best ??= candidate.score;
    if (chosen.length === sentenceLimit || candidate.score <= 0 || candidate.score < floor * best) break;
    const count = counts.get(candidate.passage.documentId) ?? 0;
    if (count === perDocument || chosen.some((other) => repeats(other, candidate))) continue;
    counts.set(candidate.passage.documentId, count + 1);
    chosen.push(candidate);
  }
  return chosen;
}

interface Asked {
  terms: QuestionTerm[];
  aspects: Aspect[];
  anchors: QuestionTerm[];
}

/** The rarest terms that a passage holds: what the question is about. Sentences about something else only look alike. */
function anchorsOf(terms: QuestionTerm[], passages: Passage[]): QuestionTerm[] {
  const held = terms.filter(
    ({ lexeme, chunks }) =>
      chunks > 0 && /\p{L}{3}/u.test(lexeme) && passages.some(({ stems }) => holdsTerm(lexeme, stems)),
  );
  return held.toSorted((left, right) => right.idf - left.idf).slice(0, anchorLimit);
}

/** The less a sentence's surroundings speak of the anchors, the lower: down to about a third without any. */
function subjectOf(anchors: QuestionTerm[], surroundings: Set<string>): number {
  const rarest = anchors[0]?.idf ?? 1;
  return anchors.reduce(
    (product, { lexeme, idf }) => (holdsTerm(lexeme, surroundings) ? product : product * (1 - (0.35 * idf) / rarest)),
    1,
  );
}

/** A passage's sentences, each with its score. */
function candidatesOf(passage: Passage, asked: Asked): Candidate[] {
  const heading = stemsOf(`${passage.title} ${passage.section ?? ""}`, passage.language);
  const around = coverageOf(asked.terms, passage.stems);
  const found: Candidate[] = [];
  for (let index = 0; index + 1 < passage.sentences.length; index += 2) {
    const start = (passage.sentences[index] as number) - passage.start;
    const end = (passage.sentences[index + 1] as number) - passage.start;
    const text = passage.text.slice(start, end);
    if (/\?\s*$/.test(text)) continue; // a question answers nothing
    const stems = stemsOf(text, passage.language);
    const score = scoreOf({ passage, text, stems, heading, around }, asked);
    found.push({ passage, start, end, text, stems, score });
  }
  return found;
}

interface Scored extends Pick<Candidate, "passage" | "text" | "stems"> {
  /** Stems of the title and section above it. */
  heading: Set<string>;
  /** How much of the question the whole passage speaks of. */
  around: number;
}

function scoreOf({ passage, text, stems, heading, around }: Scored, { terms, aspects, anchors }: Asked): number {
  const words = text.split(/\s+/).length;
  if (words < 4) return 0;
  const own = coverageOf(terms, stems);
  // What the title and section say is said of every sentence below them, though less closely.
  const surroundings = stems.union(heading);
  const context = coverageOf(terms, surroundings);
  const length = words > 45 ? 45 / words : Math.min(1, 0.7 + words / 30);
  const section = passage.section ?? "";
  const place = findings.test(section) ? 1.1 : plans.test(section) ? 0.85 : 1;
  const substance = (announces.test(text) ? 0.6 : 1) * (isWhole(text.trim()) ? 1 : 0.5);
  // What its chunk says around it is said of it least closely.
  const relevance = own + 0.6 * (context - own) + 0.25 * (around - context);
  const fit = aspects.reduce((product, aspect) => product * aspect(text, section), 1);
  const subject = subjectOf(anchors, surroundings);
  return relevance * (0.55 + 0.45 * passage.score) * length * fit * subject * place * substance;
}

/** Two sentences that say the same. Guidelines give one rule after another in like words: other numbers, another rule. */
function repeats(one: Candidate, other: Candidate): boolean {
  const numbers = ({ stems }: Candidate) =>
    [...stems]
      .filter((word) => /\d/.test(word))
      .sort()
      .join();
  return similarity(one.stems, other.stems) > 0.6 && numbers(one) === numbers(other);
}

function similarity(left: Set<string>, right: Set<string>): number {
  const shared = left.intersection(right).size;
  return shared / Math.max(1, Math.min(left.size, right.size));
}
