import type { QuestionTerm, Retrieval, RetrievedChunk } from "#db/index.ts";
import { evidenceLevels } from "../domain.ts";
import { coverageOf, passageStems } from "./coverage.ts";
import type { Passage } from "./passage.ts";

/** Passages supplied to an answer, and of one document at most. */
const passageLimit = 10;
const perDocument = 3;
/** Passages that each part of a broad question keeps at least, where it has as many. */
const perPart = 2;

/** Differences of the fused score below this are noise: the stronger kind of evidence goes first. */
const tie = 0.02;
/** What another passage of the same document, kind or collection must be more relevant by. */
const sameDocument = 0.02;
const sameKind = 0.015;
/** Passages of one kind of evidence that cost nothing. */
const freeOfKind = 4;

export interface Ranked {
  /** Evidence, best first. Retracted and withdrawn documents are never among it. */
  passages: Passage[];
  /** Found, but not evidence enough: shown as nearest misses, with their marks. */
  misses: RetrievedChunk[];
}

/**
 * Separates evidence from what merely came nearest, and orders it: relevance first, then kind of evidence, standing and
 * date; a few passages of a document at most, the same text once, of near-identical documents only the best, and no ten
 * of one kind where others are as relevant.
 * @param parts what was found for each part of a broad question, which keeps its best passages
 */
export function rankEvidence(retrieval: Retrieval, parts: Retrieval[] = []): Ranked {
  const scores = new Map(retrieval.chunks.map((chunk) => [chunk.chunkId, chunk.score]));
  const stems = new Map<string, Set<string>>();
  const stemsOf = (chunk: RetrievedChunk) => {
    const known = stems.get(chunk.chunkId) ?? passageStems(chunk);
    stems.set(chunk.chunkId, known);
    return known;
  };
  const found = [retrieval, ...parts].map(({ chunks, terms }) => {
    const scored = chunks.map((chunk) => ({ ...chunk, score: scores.get(chunk.chunkId) ?? chunk.score }));
    return scored.filter((chunk) => isUsable(chunk) && answers(chunk, terms, stemsOf));
  });
  const evidence = uniqueChunks(found.flat());
  const ordered = strongerFirst(evidence);
  const places = new Map(ordered.map((chunk, at) => [chunk.chunkId, at]));
  const chosen = new Selection(ordered);
  for (const partFound of found.slice(1)) {
    const best = strongerFirst(partFound);
    for (const chunk of best) if (chosen.countOf(best) < perPart) chosen.take(chunk);
  }
  chosen.fill();
  const passages = chosen.chunks
    .toSorted((left, right) => (places.get(left.chunkId) ?? 0) - (places.get(right.chunkId) ?? 0))
    .map((chunk, at) => ({ ...chunk, number: at + 1, stems: stemsOf(chunk) }));
  const kept = new Set(evidence.map(({ chunkId }) => chunkId));
  const all = uniqueChunks([retrieval, ...parts].flatMap(({ chunks }) => chunks));
  return { passages, misses: all.filter(({ chunkId }) => !kept.has(chunkId)) };
}

/** The terms of a question and its parts, each once. */
export function termsOf(retrievals: Retrieval[]): QuestionTerm[] {
  return [...new Map(retrievals.flatMap(({ terms }) => terms).map((term) => [term.lexeme, term])).values()];
}

/** Passages chosen one by one, each the best of what is left once repetition is paid for. */
class Selection {
  readonly chunks: RetrievedChunk[] = [];
  readonly #left: RetrievedChunk[];
  readonly #documents = new Map<string, number>();
  readonly #kinds = new Map<string, number>();
  readonly #texts = new Set<string>();
  readonly #clusters = new Map<string, string>();

  constructor(ordered: RetrievedChunk[]) {
    this.#left = [...ordered];
    // Of a cluster the best document speaks, even where another one's passage is chosen first.
    for (const { clusterId, documentId } of ordered) {
      if (clusterId && !this.#clusters.has(clusterId)) this.#clusters.set(clusterId, documentId);
    }
  }

  take(chunk: RetrievedChunk): void {
    const at = this.#left.findIndex(({ chunkId }) => chunkId === chunk.chunkId);
    const known = this.#left[at];
    if (!known || !this.#fits(known)) return;
    this.#left.splice(at, 1);
    this.chunks.push(known);
    this.#texts.add(known.contentHash);
    this.#documents.set(known.documentId, this.#documentCount(known) + 1);
    this.#kinds.set(known.evidenceLevel, (this.#kinds.get(known.evidenceLevel) ?? 0) + 1);
  }

  fill(): void {
    for (;;) {
      const fitting = this.#left.filter((chunk) => this.#fits(chunk));
      if (fitting.length === 0) return;
      const [first] = fitting;
      let best = first as RetrievedChunk;
      for (const chunk of fitting) if (this.#worth(chunk) > this.#worth(best)) best = chunk;
      this.take(best);
    }
  }

  countOf(chunks: RetrievedChunk[]): number {
    const ids = new Set(chunks.map(({ chunkId }) => chunkId));
    return this.chunks.filter(({ chunkId }) => ids.has(chunkId)).length;
  }

  #documentCount({ documentId }: RetrievedChunk): number {
    return this.#documents.get(documentId) ?? 0;
  }

  #fits(chunk: RetrievedChunk): boolean {
    const speaks = !chunk.clusterId || this.#clusters.get(chunk.clusterId) === chunk.documentId;
    const hasRoom = this.chunks.length < passageLimit && this.#documentCount(chunk) < perDocument;
    return speaks && hasRoom && !this.#texts.has(chunk.contentHash);
  }

  #worth(chunk: RetrievedChunk): number {
    const alike = Math.max(0, (this.#kinds.get(chunk.evidenceLevel) ?? 0) - freeOfKind + 1);
    return chunk.score - sameDocument * this.#documentCount(chunk) - sameKind * alike;
  }
}

function uniqueChunks(chunks: RetrievedChunk[]): RetrievedChunk[] {
  const best = new Map<string, RetrievedChunk>();
  for (const chunk of chunks) {
    const known = best.get(chunk.chunkId);
    if (!known || chunk.score > known.score) best.set(chunk.chunkId, chunk);
  }
  return [...best.values()];
}

function isUsable(chunk: RetrievedChunk): boolean {
  return chunk.status !== "retracted" && chunk.status !== "withdrawn";
}

// A passage near in meaning answers; one less near must also speak of most of what was asked.
function answers(
  chunk: RetrievedChunk,
  terms: QuestionTerm[],
  stemsOf: (chunk: RetrievedChunk) => Set<string>,
): boolean {
  if (chunk.dense < 0.3) return false;
  return coverageOf(terms, stemsOf(chunk)) >= 0.75 - (0.5 * Math.max(0, chunk.dense - 0.3)) / 0.4;
}

function levelOf(chunk: RetrievedChunk): number {
  const at = (evidenceLevels as readonly string[]).indexOf(chunk.evidenceLevel);
  return at === -1 ? evidenceLevels.length : at;
}

// Runs of passages that are as relevant as the first of them, each run by kind of evidence, standing and date.
function strongerFirst(evidence: RetrievedChunk[]): RetrievedChunk[] {
  const runs: RetrievedChunk[][] = [];
  for (const chunk of evidence.toSorted((left, right) => right.score - left.score)) {
    const run = runs.at(-1);
    const leader = run?.[0];
    if (run && leader && leader.score - chunk.score <= tie) run.push(chunk);
    else runs.push([chunk]);
  }
  return runs.flatMap((run) => run.toSorted(byStrength));
}

function byStrength(left: RetrievedChunk, right: RetrievedChunk): number {
  const standing = (chunk: RetrievedChunk) => (chunk.status === "current" ? 0 : 1);
  const date = (chunk: RetrievedChunk) => chunk.publishedOn ?? "";
  return (
    levelOf(left) - levelOf(right) ||
    standing(left) - standing(right) ||
    // As precise as known: "2024" is no older than "2024-02".
    (date(left).slice(0, 4) === date(right).slice(0, 4) ? 0 : date(right).localeCompare(date(left)))
  );
}
