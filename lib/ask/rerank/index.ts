import type { RetrievedChunk } from "#db/index.ts";
import type { Env } from "../../env.ts";
import type { Reranker } from "./types.ts";

/** The re-ranker that the environment asks for; null for none, the default. */
export async function openReranker(_env: Env): Promise<Reranker | null> {
  return null;
}

export type { Reranker } from "./types.ts";

/** The chunks in the re-ranker's order, each with its score; unchanged without one. */
export async function rerank(
  reranker: Reranker | null,
  question: string,
  chunks: RetrievedChunk[],
  signal?: AbortSignal,
): Promise<RetrievedChunk[]> {
  if (!reranker || chunks.length === 0) return chunks;
  const scores = await reranker.score(
    question,
    chunks.map(({ title, section, text }) => [title, section, text].filter(Boolean).join("\n")),
    signal ? { signal } : {},
  );
  return chunks
    .map((chunk, at) => ({ ...chunk, score: scores[at] as number }))
    .toSorted((left, right) => right.score - left.score);
}
