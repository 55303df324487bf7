import type { QuestionTerm, Retrieval, RetrievedChunk } from "#db/index.ts";
import { evidenceLevels } from "../domain.ts";
import { coverageOf, passageStems } from "./coverage.ts";
import type { Passage } from "./types.ts";

/** Passages supplied to an answer, and of one document at most. */
const passageLimit = 10;
const perDocument = 3;

/** Differences of the fused score below this are noise: the stronger kind of evidence goes first. */
const tie = 0.02;

export interface Ranked {
  /** Evidence, best first. Retracted and withdrawn documents are never among it. */
  passages: Passage[];
  /** Found, but not evidence enough: shown as nearest misses, with their marks. */
  misses: RetrievedChunk[];
}

/**
 * Separates evidence from what merely came nearest, and orders it: relevance first, then kind of evidence; a few
 * passages of a document at most, the same text once, and of near-identical documents only the best.
 */
export function rankEvidence(retrieval: Retrieval): Ranked {
  const isEvidence = (chunk: RetrievedChunk) => isUsable(chunk) && answers(chunk, retrieval.terms);
  const evidence = retrieval.chunks.filter(isEvidence);
  const misses = retrieval.chunks.filter((chunk) => !isEvidence(chunk));
  const ordered = strongerFirst(evidence);
  const seen = new Map<string, number>();
  const texts = new Set<string>();
  const shown = new Map<string, string>();
  const passages: Passage[] = [];
  for (const chunk of ordered) {
    const count = seen.get(chunk.documentId) ?? 0;
    if (chunk.clusterId && (shown.get(chunk.clusterId) ?? chunk.documentId) !== chunk.documentId) continue;
    if (passages.length === passageLimit || count === perDocument || texts.has(chunk.contentHash)) continue;
    seen.set(chunk.documentId, count + 1);
    texts.add(chunk.contentHash);
    if (chunk.clusterId) shown.set(chunk.clusterId, chunk.documentId);
    passages.push({ ...chunk, number: passages.length + 1 });
  }
  return { passages, misses };
}

function isUsable(chunk: RetrievedChunk): boolean {
  return chunk.status !== "retracted" && chunk.status !== "withdrawn";
}

// A passage near in meaning answers; one less near must also speak of most of what was asked.
function answers(chunk: RetrievedChunk, terms: QuestionTerm[]): boolean {
  if (chunk.dense < 0.3) return false;
  const coverage = coverageOf(terms, passageStems(chunk));
  return coverage >= 0.75 - (0.5 * Math.max(0, chunk.dense - 0.3)) / 0.4;
}

function levelOf(chunk: RetrievedChunk): number {
  const at = (evidenceLevels as readonly string[]).indexOf(chunk.evidenceLevel);
  return at === -1 ? evidenceLevels.length : at;
}

// Runs of passages that are as relevant as the first of them, each run ordered by kind of evidence.
function strongerFirst(evidence: RetrievedChunk[]): RetrievedChunk[] {
  const runs: RetrievedChunk[][] = [];
  for (const chunk of evidence.toSorted((left, right) => right.score - left.score)) {
    const run = runs.at(-1);
    const leader = run?.[0];
    if (run && leader && leader.score - chunk.score <= tie) run.push(chunk);
    else runs.push([chunk]);
  }
  return runs.flatMap((run) => run.toSorted((left, right) => levelOf(left) - levelOf(right)));
}
