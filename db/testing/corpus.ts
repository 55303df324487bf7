import { createHash, randomUUID } from "node:crypto";
import { type CollectionRow, type Database, ensureCollection, type NewChunk, type NewDocument } from "../index.ts";

export const testDimensions = 8;

/** An empty collection under a name of its own. */
export function makeCollection(
  database: Database,
  change: Partial<Parameters<typeof ensureCollection>[1]> = {},
): Promise<CollectionRow> {
  return ensureCollection(database, {
    slug: `c-${randomUUID()}`,
    title: "Test collection",
    description: "",
    sourceType: "beir",
    embeddingProvider: "test",
    embeddingModel: "test",
    embeddingDimensions: testDimensions,
    chunkSettings: {},
    ...change,
  });
}

/** A document whose chunks are the given texts; `text` is the chunks, joined by blank lines. */
export function makeDocument(
  sourceId: string,
  chunkTexts: string[],
  change: Partial<NewDocument> & { embedding?: (text: string) => number[]; section?: string | null } = {},
): NewDocument {
  const { embedding = spreadVector, section = null, ...document } = change;
  const text = chunkTexts.join("\n\n");
  let at = 0;
  const chunks: NewChunk[] = chunkTexts.map((chunkText, ordinal) => {
    const start = at;
    at += chunkText.length + 2;
    const end = start + chunkText.length;
    return {
      ordinal,
      text: chunkText,
      section,
      sectionPath: section ? [section] : [],
      start,
      end,
      page: null,
      pageEnd: null,
      boxes: [],
      sentences: [start, end],
      contentHash: sha256(chunkText),
      ocrConfidence: null,
      embedding: embedding(chunkText),
    };
  });
  return {
    sourceId,
    contentHash: sha256(text),
    title: `Title of ${sourceId}`,
    text,
    sections: [],
    pages: [],
    language: "en",
    url: null,
    publishedOn: null,
    revisedOn: null,
    authors: [],
    publication: null,
    publicationTypes: [],
    meshTerms: [],
    evidenceLevel: "other",
    populations: [],
    status: "current",
    statusNote: null,
    identifiers: [],
    isSample: false,
    metadata: {},
    objectKey: null,
    originalType: null,
    links: [],
    names: [],
    chunks,
    ...document,
  };
}

/** A vector of length 1 that every text has to itself. */
export function spreadVector(text: string): number[] {
  const bytes = sha256(text);
  const vector = Array.from({ length: testDimensions }, (_, index) => (bytes[index] as number) - 127.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
