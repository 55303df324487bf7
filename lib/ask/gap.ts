import type { QuestionTerm, RetrievedChunk } from "#db/index.ts";
import type { EvidenceGap } from "../domain.ts";
import { passageStems } from "./coverage.ts";
import type { SearchedCollection } from "./types.ts";
import { contentWords, stem } from "./words.ts";

const missLimit = 3;
const excerptLength = 260;

/** What the reader gets instead of an answer: what was searched, through which date, and what came nearest. */
export function describeGap(input: {
  question: string;
  collections: SearchedCollection[];
  terms: QuestionTerm[];
  chunks: RetrievedChunk[];
}): EvidenceGap {
  const nearest = firstOfEachDocument(input.chunks).slice(0, missLimit);
  const stems = nearest.map(passageStems);
  const missing = new Set<string>();
  for (const word of contentWords(input.question)) {
    if (!stems.some((held) => held.has(stem(word)))) missing.add(word);
  }
  return {
    question: input.question,
    missingTerms: [...missing],
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

function firstOfEachDocument(chunks: RetrievedChunk[]): RetrievedChunk[] {
  return [...new Map(chunks.toReversed().map((chunk) => [chunk.documentId, chunk])).values()].toReversed();
}

function excerptOf(text: string): string {
  if (text.length <= excerptLength) return text;
  const cut = text.lastIndexOf(" ", excerptLength);
  return text.slice(0, cut > 0 ? cut : excerptLength);
}
