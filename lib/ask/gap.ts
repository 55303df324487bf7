import type { CollectionSummary, QuestionTerm, RetrievedChunk } from "#db/index.ts";
import type { EvidenceGap } from "../domain.ts";
import { contentWords, stem, stemSpanish } from "./words.ts";

const missLimit = 3;
const excerptLength = 260;

/** What the reader gets instead of an answer: what was searched, through which date, and what came nearest. */
export function describeGap(input: {
  question: string;
  collections: CollectionSummary[];
  terms: QuestionTerm[];
  chunks: RetrievedChunk[];
}): EvidenceGap {
  const nearest = firstOfEachDocument(input.chunks).slice(0, missLimit);
  return {
    question: input.question,
    missingTerms: missingWords(input.question, input.terms),
    searched: input.collections.map(({ slug, title, documentCount, through }) => ({
      slug,
      title,
      documents: documentCount,
      through,
    })),
    nearestMisses: nearest.map((chunk) => {
      const excerpt = excerptOf(chunk.text);
      return {
        collection: chunk.collectionTitle,
        documentId: chunk.documentId,
        title: chunk.title,
        section: chunk.section,
        excerpt,
        status: chunk.status as EvidenceGap["nearestMisses"][number]["status"],
        isSample: chunk.isSample,
        start: chunk.start,
        end: chunk.start + excerpt.length,
      };
    }),
  };
}

/** The words of the question that stand in none of the searched chunks, in whatever form. */
function missingWords(question: string, terms: QuestionTerm[]): string[] {
  const held = new Map(terms.map(({ lexeme, chunks }) => [lexeme, chunks]));
  const missing = contentWords(question).filter((word) => {
    const counts = [stem(word), stemSpanish(word)]
      .map((lexeme) => held.get(lexeme))
      .filter((count) => count !== undefined);
    return counts.length > 0 && counts.every((count) => count === 0);
  });
  return [...new Set(missing)];
}

function firstOfEachDocument(chunks: RetrievedChunk[]): RetrievedChunk[] {
  const seen = new Set<string>();
  return chunks.filter(({ documentId, clusterId }) => {
    const shown = clusterId ?? documentId; // a cluster bears the id of its first document
    return !seen.has(shown) && seen.add(shown);
  });
}

function excerptOf(text: string): string {
  if (text.length <= excerptLength) return text;
  const cut = text.lastIndexOf(" ", excerptLength);
  return text.slice(0, cut > 0 ? cut : excerptLength);
}
