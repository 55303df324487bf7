import { unsupportedNumber } from "#lib/ask/verify/numbers.ts";
import { contentWords, stem, stemSpanish } from "#lib/ask/words.ts";
import type { AnswerResult, AnswerSentence, Citation } from "#lib/domain.ts";
import type { AnswerCase } from "./cases.ts";

/** Share of a sentence's words of substance that its quotes must hold: a paraphrase may change the others. */
const leastCovered = 0.6;

/** What one answer was worth. Rates are null where there is nothing they could be of. */
export interface Outcome {
  id: string;
  expectation: AnswerCase["expectation"];
  status: AnswerResult["status"];
  tags: string[];
  /** The status, and the kind of a redirection, are those expected, or any is. */
  isExpected: boolean;
  sentences: number;
  /** Sentences with at least one valid citation. */
  supported: number;
  citations: number;
  /** Citations that stand at their place and whose sentence all its standing quotes together entail. */
  valid: number;
  dropped: number;
  /** Share of the must-have statements that the answer makes; 0 for a missing answer. */
  covered: number | null;
  /** One of the expected documents is cited. */
  hitsSource: boolean | null;
  /** The first sentence cites one of them. */
  leadsWithSource: boolean | null;
  /** Says something that it must not. */
  isForbidden: boolean;
  milliseconds: number;
}

/**
 * Judges an answer by what stands in the stored documents, whatever the verifier let through: every quote is cut out of
 * its document anew, and a sentence counts as entailed when its quotes hold its numbers with their units and most of its
 * words. That is as far as strings and numbers go; a false relation of right words passes.
 * @param textOf a stored document's text by id, null when there is none
 */
export async function judge(
  answerCase: AnswerCase,
  result: AnswerResult,
  textOf: (documentId: string) => Promise<string | null>,
  milliseconds: number,
): Promise<Outcome> {
  const { id, expectation, mustInclude, mustNotInclude, sources, tags } = answerCase;
  const judged = await Promise.all(result.sentences.map((sentence) => validCitations(sentence, textOf)));
  const said = result.sentences.map(({ text }) => text).join("\n");
  const says = (pattern: string) => new RegExp(pattern, "iu").test(said);
  const cited = result.sentences.flatMap(({ citations }) => citations);
  const isKind = answerCase.redirection === undefined || result.redirection?.kind === answerCase.redirection;
  return {
    id,
    expectation,
    status: result.status,
    tags,
    isExpected: expectation === "any" || (result.status === expectation && isKind),
    sentences: result.sentences.length,
    supported: judged.filter((valid) => valid > 0).length,
    citations: result.sentences.reduce((sum, { citations }) => sum + citations.length, 0),
    valid: judged.reduce((sum, valid) => sum + valid, 0),
    dropped: result.dropped.length,
    covered: mustInclude.length === 0 ? null : mustInclude.filter(says).length / mustInclude.length,
    hitsSource: sources.length === 0 ? null : cited.some(isOneOf(sources)),
    leadsWithSource: sources.length === 0 ? null : (result.sentences[0]?.citations ?? []).some(isOneOf(sources)),
    isForbidden: mustNotInclude.some(says),
    milliseconds,
  };
}

function isNamed({ collection, sourceId, title }: Citation, source: string): boolean {
  const [slug, name = ""] = [source.slice(0, source.indexOf("/")), source.slice(source.indexOf("/") + 1)];
  return slug === collection && (name === sourceId || title.toLowerCase().startsWith(name.toLowerCase()));
}

function isOneOf(sources: string[]) {
  return (citation: Citation) => sources.some((source) => isNamed(citation, source));
}

async function validCitations(
  sentence: AnswerSentence,
  textOf: (documentId: string) => Promise<string | null>,
): Promise<number> {
  const standing: Citation[] = [];
  for (const citation of sentence.citations) {
    const text = await textOf(citation.documentId);
    if (citation.quote !== "" && text?.slice(citation.start, citation.end) === citation.quote) standing.push(citation);
  }
  const quotes = standing.map(({ quote }) => quote);
  if (!isEntailed(sentence.text, quotes)) return 0;
  const own = stemsOf(sentence.text);
  return quotes.filter((quote) => !own.isDisjointFrom(stemsOf(quote))).length;
}

/** Whether quotes hold a sentence's numbers with their units, and most of its words of substance. */
export function isEntailed(sentence: string, quotes: string[]): boolean {
  if (quotes.length === 0 || unsupportedNumber(sentence, quotes) !== null) return false;
  const words = contentWords(sentence);
  const held = stemsOf(quotes.join(" "));
  const covered = words.filter((word) => held.has(stem(word)) || held.has(stemSpanish(word))).length;
  return words.length === 0 || covered / words.length >= leastCovered;
}

function stemsOf(text: string): Set<string> {
  return new Set(contentWords(text).flatMap((word) => [stem(word), stemSpanish(word)]));
}
