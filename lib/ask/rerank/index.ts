import type { RetrievedChunk } from "#db/index.ts";
import type { Env } from "../../env.ts";
import { log } from "../../log.ts";
import type { Reranker } from "./types.ts";

export type { Reranker } from "./types.ts";

/** Chunks that are read again; those after them follow in retrieval's order. */
const rerankLimit = 20;

/** Each loaded only where it is wanted. */
const rerankers = {
  none: async () => ({ open: async (_env: Env): Promise<Reranker | null> => null }),
  onnx: () => import("./onnx.ts"),
  model: () => import("./model.ts"),
} as const satisfies Record<Env["RERANKER"], () => Promise<{ open(env: Env): Promise<Reranker | null> }>>;

/**
 * The re-ranker that the environment asks for; null for none, the default.
 * @throws Error naming the variable that is missing or leads to no model
 */
export async function openReranker(env: Env): Promise<Reranker | null> {
  const { open } = await rerankers[env.RERANKER]();
  return open(env);
}

/**
 * The chunks in the re-ranker's order, each with its score; unchanged without one. A re-ranker that fails or takes too
 * long is logged, and retrieval's order stands: it betters an answer, it must not prevent one.
 */
export async function rerank(
  reranker: Reranker | null,
  question: string,
  chunks: RetrievedChunk[],
  signal?: AbortSignal,
): Promise<RetrievedChunk[]> {
  if (!reranker || chunks.length === 0 || signal?.aborted) return chunks;
  const best = chunks.slice(0, rerankLimit);
  const texts = best.map(({ title, section, text }) => [title, section, text].filter(Boolean).join("\n"));
  let scores: number[];
  try {
    scores = await reranker.score(question, texts, signal ? { signal } : {});
    if (scores.length !== texts.length || !scores.every((score) => score >= 0 && score <= 1))
      throw new RangeError("it gave no score from 0 to 1 for each passage");
  } catch (error) {
    if (!signal?.aborted)
      log.warn({ err: error, reranker: reranker.name }, "re-ranking failed; retrieval's order stands");
    return chunks;
  }
  const ordered = best
    .map((chunk, at) => ({ ...chunk, score: scores[at] as number }))
    .toSorted((left, right) => right.score - left.score);
  // Ranking sorts by score once more: the rest must stay below what was read.
  const lowest = ordered.at(-1)?.score ?? 0;
  const rest = chunks.slice(rerankLimit).map((chunk) => ({ ...chunk, score: lowest * Math.min(1, chunk.score) }));
  return [...ordered, ...rest];
}
