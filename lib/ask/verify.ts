import type { AnswerResult, AnswerSentence, Citation, DroppedSentence, ReadDepth, SourceType } from "../domain.ts";
import { unsupportedNumber } from "./numbers.ts";
import { findQuote } from "./quotes.ts";
import type { Passage } from "./types.ts";

/** A sentence as an answerer proposes it, before anybody may see it. */
export interface ProposedSentence {
  text: string;
  group: string | null;
  quotes: { passage: number; quote: string }[];
}

export type Verdict = { sentence: Omit<AnswerSentence, "index"> } | { dropped: DroppedSentence };

/** Text that would load from elsewhere, or lead there: answers hold neither. */
const linkPattern =
  /\[[^\]]*\]\(|\[[^\]]*\p{L}[^\]]*\]\[|\b[a-z][a-z\d+.-]*:\/\/|\b(?:javascript|mailto|vbscript):|(?<![\p{L}\p{N}])\/\/[\p{L}\p{N}]|www\.|<\s*\/?\s*[a-z][^>]*>|\bdata:[a-z]+\//iu;

/**
 * The rule nothing gets around: a sentence is shown only if every quote it names stands in its passage, there is at
 * least one, and every number and unit of the sentence stands in them. Quotes are replaced by what the document
 * really says at that place. Recognisers misread doses with confidence: a written number never rests on recognised text
 * alone, while a quotation is shown with its mark.
 */
export function verifySentence(
  proposed: ProposedSentence,
  passages: Passage[],
  numberOf: SourceNumbers,
  mode: AnswerResult["mode"],
): Verdict {
  const text = proposed.text.trim();
  const drop = (reason: DroppedSentence["reason"]): Verdict => ({ dropped: { text, reason } });
  if (linkPattern.test(text)) return drop("link");
  if (text.length === 0 || proposed.quotes.length === 0) return drop("no_quote");
  const citations: Citation[] = [];
  for (const { passage: number, quote } of proposed.quotes) {
    const passage = passages.find((candidate) => candidate.number === number);
    const place = passage && findQuote(passage.text, quote);
    // A word or two stands almost anywhere: that is no evidence.
    if (!passage || !place || quote.trim().split(/\s+/).length < 3) return drop("quote_not_found");
    if (passage.status === "retracted" || passage.status === "withdrawn") return drop("retracted_unmarked");
    citations.push(citationOf(passage, place, numberOf));
  }
  const quotesOf = (some: Citation[]) => some.map((citation) => citation.quote);
  if (unsupportedNumber(text, quotesOf(citations)) !== null) return drop("number_not_in_quote");
  const typed = citations.filter(({ ocr }) => typeof ocr !== "number");
  if (mode === "written" && unsupportedNumber(text, quotesOf(typed)) !== null) return drop("number_on_ocr");
  return { sentence: { text, group: proposed.group, citations } };
}

/** Gives each document of an answer its number, in the order of first citation. */
export class SourceNumbers {
  readonly #numbers = new Map<string, number>();

  of(documentId: string): number {
    const known = this.#numbers.get(documentId);
    if (known !== undefined) return known;
    this.#numbers.set(documentId, this.#numbers.size + 1);
    return this.#numbers.size;
  }
}

const readDepthBySource: Record<SourceType, ReadDepth> = {
  pubmed: "abstract",
  pmc: "full_text",
  guideline: "guideline_page",
  drug_label: "label_section",
  consumer: "topic",
  beir: "record",
};

export function citationOf(passage: Passage, place: { start: number; end: number }, numberOf: SourceNumbers): Citation {
  return {
    number: numberOf.of(passage.documentId),
    collection: passage.collection,
    collectionTitle: passage.collectionTitle,
    documentId: passage.documentId,
    chunkId: passage.chunkId,
    sourceId: passage.sourceId,
    title: passage.title,
    section: passage.section,
    page: passage.page,
    quote: passage.text.slice(place.start, place.end),
    start: passage.start + place.start,
    end: passage.start + place.end,
    publishedOn: passage.publishedOn,
    evidenceLevel: passage.evidenceLevel as Citation["evidenceLevel"],
    depth: readDepthBySource[passage.sourceType as SourceType],
    status: passage.status as Citation["status"],
    isSample: passage.isSample,
    ...(passage.ocr !== null && { ocr: passage.ocr }),
    ...(passage.clusterSize > 1 && { alike: passage.clusterSize - 1 }),
  };
}
