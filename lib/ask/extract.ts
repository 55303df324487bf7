import type { QuestionTerm } from "#db/index.ts";
import { coverageOf } from "./coverage.ts";
import type { Passage } from "./types.ts";
import type { ProposedSentence } from "./verify.ts";
import { stemsOf } from "./words.ts";

const sentenceLimit = 6;
const perDocument = 3;
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

const asksAmount =
  /\b(dos(e|es|age|ing)|how (much|many|long|often|soon)|threshold|target|level|range|when|rate|limit|cut-?off|maximum|minimum|window)\b/i;
const hasAmount = /\d/;
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
  const wantsAmount = asksAmount.test(question);
  const candidates = passages
    .flatMap((passage) => sentencesOf(passage))
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate, terms, wantsAmount) }))
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

function choose(candidates: Candidate[]): Candidate[] {
  const best = candidates[0]?.score ?? 0;
  const chosen: Candidate[] = [];
  const counts = new Map<string, number>();
  for (const candidate of candidates) {
    if (chosen.length === sentenceLimit || candidate.score <= 0 || candidate.score < floor * best) break;
    const count = counts.get(candidate.passage.documentId) ?? 0;
    if (count === perDocument || chosen.some((other) => similarity(other.stems, candidate.stems) > 0.6)) continue;
    counts.set(candidate.passage.documentId, count + 1);
    chosen.push(candidate);
  }
  return chosen;
}

function scoreOf(candidate: Omit<Candidate, "score">, terms: QuestionTerm[], wantsAmount: boolean): number {
  const words = candidate.text.split(/\s+/).length;
  if (words < 4) return 0;
  const own = coverageOf(terms, candidate.stems);
  // What the title and section say is said of every sentence below them, though less closely.
  const context = coverageOf(
    terms,
    candidate.stems.union(
      stemsOf(`${candidate.passage.title} ${candidate.passage.section ?? ""}`, candidate.passage.language),
    ),
  );
  const length = words > 45 ? 45 / words : Math.min(1, 0.7 + words / 30);
  const amount = wantsAmount && hasAmount.test(candidate.text) ? 1.25 : 1;
  const section = candidate.passage.section ?? "";
  const place = findings.test(section) ? 1.1 : plans.test(section) ? 0.85 : 1;
  const substance = (announces.test(candidate.text) ? 0.6 : 1) * (isWhole(candidate.text.trim()) ? 1 : 0.5);
  const relevance = own + 0.6 * (context - own);
  return relevance * (0.55 + 0.45 * candidate.passage.score) * length * amount * place * substance;
}

function sentencesOf(passage: Passage): Omit<Candidate, "score">[] {
  const found: Omit<Candidate, "score">[] = [];
  for (let index = 0; index + 1 < passage.sentences.length; index += 2) {
    const start = (passage.sentences[index] as number) - passage.start;
    const end = (passage.sentences[index + 1] as number) - passage.start;
    const text = passage.text.slice(start, end);
    if (/\?\s*$/.test(text)) continue; // a question answers nothing
    found.push({ passage, start, end, text, stems: stemsOf(text, passage.language) });
  }
  return found;
}

function similarity(left: Set<string>, right: Set<string>): number {
  const shared = left.intersection(right).size;
  return shared / Math.max(1, Math.min(left.size, right.size));
}
