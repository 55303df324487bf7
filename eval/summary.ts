import { type Estimate, estimate } from "./bootstrap.ts";
import type { RetrievalScores } from "./metrics.ts";

/** `understood` is the hybrid on the question as the application reads it before it searches; the others take it as it is. */
export const arms = ["lexical", "dense", "hybrid", "understood"] as const;
export type Arm = (typeof arms)[number];

export const metrics = ["ndcg10", "recall10", "recall100", "mrr10"] as const satisfies (keyof RetrievalScores)[];

/** One query's scores by each arm. */
export interface QueryScores {
  id: string;
  scores: Record<Arm, RetrievalScores>;
}

export type Estimates = Record<keyof RetrievalScores, Estimate>;

export interface Summary {
  /** Which of the set's queries: `all`, `tune half` or `report half`. */
  part: string;
  queries: number;
  arms: Record<Arm, Estimates>;
  /** The hybrid minus the arm, query by query: above 0 throughout the interval, fusing them helps. */
  hybridGain: Record<"lexical" | "dense", Estimates>;
  /** The understood question's scores minus the hybrid's. */
  understandingGain: Estimates;
}

/** Means over queries with their 95 % intervals. @throws RangeError when there is no query */
export function summarise(part: string, scored: readonly QueryScores[]): Summary {
  const over = (value: (scores: QueryScores["scores"], metric: keyof RetrievalScores) => number) =>
    Object.fromEntries(
      metrics.map((metric) => [metric, estimate(scored.map(({ scores }) => value(scores, metric)))]),
    ) as Estimates;
  const armOf = (arm: Arm) => over((scores, metric) => scores[arm][metric]);
  const gainOver = (arm: Arm) => over((scores, metric) => scores.hybrid[metric] - scores[arm][metric]);
  return {
    part,
    queries: scored.length,
    arms: {
      lexical: armOf("lexical"),
      dense: armOf("dense"),
      hybrid: armOf("hybrid"),
      understood: armOf("understood"),
    },
    understandingGain: over((scores, metric) => scores.understood[metric] - scores.hybrid[metric]),
    hybridGain: { lexical: gainOver("lexical"), dense: gainOver("dense") },
  };
}
