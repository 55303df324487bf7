import type { RetrievedChunk } from "#db/index.ts";
import { passageStems } from "../coverage.ts";
import type { Passage } from "../passage.ts";

/** A retrieved chunk that says `text`, each line of it a sentence. */
export function makeChunk(text: string, change: Partial<RetrievedChunk> = {}): RetrievedChunk {
  const start = change.start ?? 100;
  const sentences: number[] = [];
  let at = start;
  for (const line of text.split("\n")) {
    sentences.push(at, at + line.length);
    at += line.length + 1;
  }
  return {
    chunkId: `${change.documentId ?? "7"}:${change.contentHash ?? text}`,
    collectionId: 1,
    collection: "guidelines",
    collectionTitle: "Practice guidelines",
    sourceType: "guideline",
    documentId: "7",
    sourceId: "G1",
    title: "Warfarin in adults",
    text,
    section: "Dosing",
    sectionPath: ["Dosing"],
    start,
    end: start + text.length,
    page: null,
    sentences,
    contentHash: text,
    language: "en",
    publishedOn: "2024-02",
    evidenceLevel: "guideline",
    status: "current",
    statusNote: null,
    isSample: true,
    clusterId: null,
    clusterSize: 1,
    ocr: null,
    lexical: 1,
    dense: 0.6,
    score: 0.8,
    ...change,
  };
}

export function makePassage(text: string, change: Partial<Passage> = {}): Passage {
  const chunk = makeChunk(text, change);
  return { ...chunk, number: change.number ?? 1, stems: change.stems ?? passageStems(chunk) };
}
