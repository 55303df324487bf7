/**
 * Retrieval metrics as trec_eval and BEIR compute them (Järvelin & Kekäläinen 2002; Thakur et al. 2021,
 * https://github.com/beir-cellar/beir): linear gains, logarithmic discount, a query's ideal from all its judgements.
 */

/** Gain by document id; a document is relevant when its gain is above 0, and irrelevant when it was not judged. */
export type Gains = ReadonlyMap<string, number>;

export interface RetrievalScores {
  ndcg10: number;
  recall10: number;
  recall100: number;
  mrr10: number;
}

/** Σ gain / log2(rank + 1) over the first `depth` ranks, divided by what the best possible ranking would get. */
export function ndcgAt(depth: number, ranking: readonly string[], gains: Gains): number {
  const best = [...gains.values()].filter((gain) => gain > 0).sort((a, b) => b - a);
  const ideal = discounted(best.slice(0, depth));
  return ideal === 0 ? 0 : discounted(ranking.slice(0, depth).map((id) => Math.max(0, gains.get(id) ?? 0))) / ideal;
}

/** Share of the relevant documents that stand in the first `depth` ranks. */
export function recallAt(depth: number, ranking: readonly string[], gains: Gains): number {
  const relevant = [...gains.values()].filter((gain) => gain > 0).length;
  return relevant === 0 ? 0 : ranking.slice(0, depth).filter((id) => isRelevant(gains, id)).length / relevant;
}

/** 1 / rank of the first relevant document; 0 when there is none in the first `depth` ranks. */
export function reciprocalRankAt(depth: number, ranking: readonly string[], gains: Gains): number {
  const at = ranking.slice(0, depth).findIndex((id) => isRelevant(gains, id));
  return at === -1 ? 0 : 1 / (at + 1);
}

/** All metrics of one query. */
export function scoreRanking(ranking: readonly string[], gains: Gains): RetrievalScores {
  return {
    ndcg10: ndcgAt(10, ranking, gains),
    recall10: recallAt(10, ranking, gains),
    recall100: recallAt(100, ranking, gains),
    mrr10: reciprocalRankAt(10, ranking, gains),
  };
}

/**
 * Document ids, best first, each once at its best chunk's score; equal scores keep their order.
 * BEIR leaves out a document with the query's own id, for corpora that hold the queries themselves; here it stays when
 * the judgements name it, since some sets give a question and its answer one id.
 */
export function rankDocuments(
  chunks: readonly { sourceId: string; score: number }[],
  queryId: string,
  gains: Gains,
): string[] {
  const best = new Map<string, number>();
  for (const { sourceId, score } of chunks) {
    if (sourceId === queryId && !gains.has(sourceId)) continue;
    best.set(sourceId, Math.max(score, best.get(sourceId) ?? Number.NEGATIVE_INFINITY));
  }
  return [...best].sort(([, a], [, b]) => b - a).map(([id]) => id);
}

function isRelevant(gains: Gains, id: string): boolean {
  return (gains.get(id) ?? 0) > 0;
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}
