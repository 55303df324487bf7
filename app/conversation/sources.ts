import type { AnswerSentence, Citation } from "#lib/domain.ts";

/** A cited document with every different quote taken from it, in order of first use. */
export interface CitedSource {
  number: number;
  first: Citation;
  quotes: Citation[];
}

/** The numbered source list of an answer, in the order of the numbers. */
export function citedSources(sentences: AnswerSentence[]): CitedSource[] {
  const byNumber = new Map<number, CitedSource>();
  for (const citation of sentences.flatMap((sentence) => sentence.citations)) {
    const source = byNumber.get(citation.number);
    if (!source) {
      byNumber.set(citation.number, { number: citation.number, first: citation, quotes: [citation] });
    } else if (!source.quotes.some((known) => known.start === citation.start && known.end === citation.end)) {
      source.quotes.push(citation);
    }
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** Where in its document a quote stands: `Dosage, page 4`. Empty when neither is known. */
export function placeOf(citation: Pick<Citation, "section" | "page">): string {
  return [citation.section, citation.page === null ? null : `page ${citation.page}`].filter(Boolean).join(", ");
}

/** Names a quote among others: the same words of the same document have the same key. */
export function placeKey({ documentId, start, end }: Pick<Citation, "documentId" | "start" | "end">): string {
  return `${documentId}:${start}:${end}`;
}

const longestQuoteInAddress = 1000;

/**
 * Address of the source page at a quote. The quote's words travel along with its offsets, so that the page can tell
 * when the document has changed since; a long quote by its beginning.
 */
export function sourceHref(
  place: { documentId: string; start: number; end: number; quote?: string },
  from?: { conversationId: string; messageId: string },
): string {
  const query = new URLSearchParams({ start: String(place.start), end: String(place.end) });
  if (place.quote) query.set("quote", place.quote.slice(0, longestQuoteInAddress));
  if (from) {
    query.set("conversation", from.conversationId);
    query.set("message", from.messageId);
  }
  return `/sources/${encodeURIComponent(place.documentId)}?${query}`;
}

/** Consecutive sentences under one heading. */
export interface SentenceGroup {
  heading: string | null;
  sentences: AnswerSentence[];
}

export function groupsOf(sentences: AnswerSentence[]): SentenceGroup[] {
  const groups: SentenceGroup[] = [];
  for (const sentence of sentences) {
    const last = groups.at(-1);
    if (last && last.heading === sentence.group) last.sentences.push(sentence);
    else groups.push({ heading: sentence.group, sentences: [sentence] });
  }
  return groups;
}

/** A sentence that is nothing but its quote, shown between quotation marks. */
export function isQuotation(sentence: AnswerSentence): boolean {
  return sentence.citations.some((citation) => folded(citation.quote).includes(folded(sentence.text)));
}

function folded(text: string): string {
  return text.replace(/\s+/g, " ").trim().toLowerCase();
}
