import type { AnswerResult, AnswerSentence, FeedbackKind, QuestionFilters, Redirection } from "../domain.ts";

/** A line of what `npm run eval:answers` reads; what each field means stands beside its checks there. */
export interface EvaluationCase {
  id: string;
  question: string;
  earlier: string[];
  collections: string[];
  filters: QuestionFilters;
  expectation: "answered" | "gap" | "redirected" | "any";
  redirection?: Redirection["kind"];
  mustInclude: string[];
  mustNotInclude: string[];
  sources: string[];
  tags: string[];
}

export interface SaidOfAnswer {
  /** The feedback's. */
  id: string;
  kind: FeedbackKind;
  sentenceIndex: number | null;
  question: string;
  earlier: string[];
  collections: string[];
  filters: QuestionFilters;
  answer: AnswerResult;
}

type Expected = Pick<EvaluationCase, "expectation" | "mustInclude" | "mustNotInclude" | "sources"> &
  Partial<Pick<EvaluationCase, "redirection">>;

const nothing = { mustInclude: [], mustNotInclude: [], sources: [] };

/**
 * What a reader said of an answer, as a case that can be asked again. What helped is expected again: its statements,
 * from its sources; a gap or a redirection that helped, too. A sentence that was marked as bad must not be said again,
 * nor an answer that was marked so as a whole, all its sentences together; what is right instead is not known, so any
 * kind of reply will do. A gap or a redirection that was marked as bad should have been an answer.
 * @returns null when there is nothing to expect, as of an answer that failed before its first sentence
 */
export function evaluationCaseOf(said: SaidOfAnswer): EvaluationCase | null {
  const expected = expectedOf(said);
  if (!expected) return null;
  const { id, kind, question, earlier, collections, filters } = said;
  return { id: `feedback-${id}`, question, earlier, collections, filters, ...expected, tags: ["feedback", kind] };
}

function expectedOf({ kind, sentenceIndex, answer }: SaidOfAnswer): Expected | null {
  const sentences = answer.sentences.filter(({ index }) => sentenceIndex === null || index === sentenceIndex);
  if (sentences.length > 0) {
    return kind === "helpful"
      ? {
          ...nothing,
          expectation: "answered",
          mustInclude: sentences.map(({ text }) => said(text)),
          sources: sourcesOf(sentences),
        }
      : { ...nothing, expectation: "any", mustNotInclude: [allOf(sentences)] };
  }
  if (answer.status !== "gap" && answer.status !== "redirected") return null;
  if (kind !== "helpful") return { ...nothing, expectation: "answered" };
  if (!answer.redirection) return { ...nothing, expectation: "gap" };
  return { ...nothing, expectation: "redirected", redirection: answer.redirection.kind };
}

/** A pattern of these very words, however they are spaced. */
function said(text: string): string {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .join("\\s+");
}

/** A pattern that is met where all the sentences are said, in whatever order. */
function allOf(sentences: AnswerSentence[]): string {
  const [first, ...others] = sentences.map(({ text }) => said(text));
  return others.length === 0 ? (first ?? "") : `^${[first, ...others].map((one) => `(?=[^]*${one})`).join("")}`;
}

function sourcesOf(sentences: AnswerSentence[]): string[] {
  const cited = sentences.flatMap(({ citations }) => citations);
  return [...new Set(cited.map(({ collection, sourceId }) => `${collection}/${sourceId}`))];
}
