import {
  type AnswerResult,
  type AnswerSentence,
  type Citation,
  type DroppedSentence,
  readDepthOf,
  type SourceType,
} from "../../domain.ts";
import { sharesWords } from "../coverage.ts";
import type { Passage } from "../passage.ts";
import { repeatsPrompt } from "../prompts.ts";
import { givesOrders } from "./instructions.ts";
import { holdsLink, withoutUnseen } from "./links.ts";
import { missingName, splitNames } from "./names.ts";
import { contradiction } from "./negation.ts";
import { numberProblem, unsupportedNumber } from "./numbers.ts";
import { findQuote } from "./quotes.ts";

const placeholder = /\[[A-Z]{2,8}-\d{1,4}\]/g;

/** A sentence as an answerer proposes it, before anybody may see it. */
export interface ProposedSentence {
  text: string;
  group: string | null;
  quotes: { passage: number; quote: string }[];
}

export type Verdict = { sentence: Omit<AnswerSentence, "index"> } | { dropped: DroppedSentence };

/**
 * The rule nothing gets around: a sentence is shown only if every quote it names stands in its passage, there is at
 * least one, and what it says stands in them: every number with its unit and bound, every name, its yes or no, and so
 * many of its words that it speaks of the same. Quotes are replaced by what the document really says at that place.
 * Recognisers misread doses with confidence: a written number never rests on recognised text alone, while a quotation
 * is shown with its mark.
 */
export function verifySentence(
  proposed: ProposedSentence,
  passages: Passage[],
  numberOf: SourceNumbers,
  mode: AnswerResult["mode"],
): Verdict {
  const text = withoutUnseen(proposed.text).trim();
  const drop = (reason: DroppedSentence["reason"]): Verdict => ({ dropped: { text, reason } });
  if (holdsLink(proposed.text)) return drop("link");
  if (repeatsPrompt(text)) return drop("prompt");
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
  const quotes = citations.map(({ quote }) => quote);
  if (givesOrders(text) || quotes.some(givesOrders)) return drop("instruction");
  // A placeholder says nothing that a source could bear out.
  const said = text.replace(placeholder, "");
  const reason = unsupported(said, quotes);
  if (reason) return drop(reason);
  const typed = citations.filter(({ ocr }) => typeof ocr !== "number").map(({ quote }) => quote);
  if (mode === "written" && unsupportedNumber(said, typed) !== null) return drop("number_on_ocr");
  return { sentence: { text, group: proposed.group, citations } };
}

/** Why a sentence does not stand on its quotes; null when it does, as one that is its own quote always does. */
export function unsupported(sentence: string, quotes: string[]): DroppedSentence["reason"] | null {
  const plain = (text: string) => text.replace(/\s+/g, " ").trim();
  if (quotes.some((quote) => plain(quote) === plain(sentence))) return null;
  const named = splitNames(sentence);
  const namedQuotes = quotes.map(splitNames);
  const number = numberProblem(named, namedQuotes);
  if (number) return number.reason;
  if (missingName(named, namedQuotes, quotes.join("\n")) !== null) return "name_not_in_quote";
  return contradiction(sentence, quotes) ?? (sharesWords(sentence, quotes) ? null : "not_in_quote");
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
    depth: readDepthOf[passage.sourceType as SourceType],
    status: passage.status as Citation["status"],
    isSample: passage.isSample,
    ...(passage.ocr !== null && { ocr: passage.ocr }),
    ...(passage.clusterSize > 1 && { alike: passage.clusterSize - 1 }),
  };
}
