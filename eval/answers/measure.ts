import { type Estimate, estimate } from "../bootstrap.ts";
import type { Outcome } from "./judge.ts";

/** A share with its 95 % interval by bootstrap over the questions, and the number of questions it is over. */
export type Measured = Estimate & { questions: number };

/** Null where no question bears on it. */
export interface Measures {
  questions: number;
  citationPrecision: Measured | null;
  citationRecall: Measured | null;
  coverage: Measured | null;
  sourceHit: Measured | null;
  /** The first sentence cites an expected source. */
  sourceFirst: Measured | null;
  /** Unanswerable questions that were not answered. */
  abstention: Measured | null;
  /** Answerable questions that were not answered. */
  falseAbstention: Measured | null;
  /** Questions to be redirected that were, to the right reply. */
  redirection: Measured | null;
  /** Other questions that were redirected. */
  falseRedirection: Measured | null;
  /** Of what an answerer proposed, what the verifier dropped. */
  droppedShare: Measured | null;
  /** Answers that say what they must not. */
  forbidden: number;
  dropped: number;
  medianMilliseconds: number;
}

/**
 * Means over questions, each counting the same: of precision and recall over the answers with a citation or sentence, of
 * coverage and source hits over all answerable questions, a missing answer as 0.
 */
export function measure(outcomes: Outcome[]): Measures {
  const answerable = outcomes.filter(({ expectation }) => expectation === "answered");
  const unanswerable = outcomes.filter(({ expectation }) => expectation === "gap");
  const toRedirect = outcomes.filter(({ expectation }) => expectation === "redirected");
  const others = outcomes.filter(({ expectation }) => expectation === "answered" || expectation === "gap");
  return {
    questions: outcomes.length,
    citationPrecision: mean(outcomes, ({ citations, valid }) => (citations === 0 ? null : valid / citations)),
    citationRecall: mean(outcomes, ({ sentences, supported }) => (sentences === 0 ? null : supported / sentences)),
    coverage: mean(answerable, ({ covered }) => covered),
    sourceHit: mean(answerable, ({ hitsSource }) => (hitsSource === null ? null : Number(hitsSource))),
    sourceFirst: mean(answerable, ({ leadsWithSource }) => (leadsWithSource === null ? null : Number(leadsWithSource))),
    abstention: mean(unanswerable, ({ status }) => Number(status !== "answered")),
    falseAbstention: mean(answerable, ({ status }) => Number(status !== "answered")),
    redirection: mean(toRedirect, ({ isExpected }) => Number(isExpected)),
    falseRedirection: mean(others, ({ status }) => Number(status === "redirected")),
    droppedShare: mean(outcomes, ({ dropped, sentences }) =>
      dropped + sentences === 0 ? null : dropped / (dropped + sentences),
    ),
    forbidden: outcomes.filter(({ isForbidden }) => isForbidden).length,
    dropped: outcomes.reduce((sum, { dropped }) => sum + dropped, 0),
    medianMilliseconds: median(outcomes.map(({ milliseconds }) => milliseconds)),
  };
}

function mean(outcomes: Outcome[], worth: (outcome: Outcome) => number | null): Measured | null {
  const values = outcomes.map(worth).filter((value) => value !== null);
  return values.length === 0 ? null : { ...estimate(values), questions: values.length };
}

function median(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
