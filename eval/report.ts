import { arms, type Evaluation } from "./evaluate.ts";
import type { RetrievalScores } from "./metrics.ts";
import { publishedFor } from "./published.ts";

const metrics = ["ndcg10", "recall10", "recall100", "mrr10"] as const satisfies (keyof RetrievalScores)[];

/** The evaluation with its scores at four decimals. */
export function rounded(evaluation: Evaluation): Evaluation {
  const round = (scores: RetrievalScores): RetrievalScores => ({
    ndcg10: Number(scores.ndcg10.toFixed(4)),
    recall10: Number(scores.recall10.toFixed(4)),
    recall100: Number(scores.recall100.toFixed(4)),
    mrr10: Number(scores.mrr10.toFixed(4)),
  });
  const { documents, queries, lexical, dense, hybrid } = evaluation;
  return { documents, queries, lexical: round(lexical), dense: round(dense), hybrid: round(hybrid) };
}

/** The evaluation as a table for people, beside what others published for the same set. */
export function evaluationTable(evaluation: Evaluation): string {
  const row = (cells: string[]) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(30) : cell.padStart(11)))
      .join("")
      .trimEnd();
  const lines = [
    `${evaluation.documents} documents, ${evaluation.queries} queries`,
    "",
    row(["", "nDCG@10", "recall@10", "recall@100", "MRR@10"]),
    ...arms.map((arm) => row([arm, ...metrics.map((metric) => evaluation[arm][metric].toFixed(4))])),
  ];
  const published = publishedFor(evaluation.documents, evaluation.queries);
  if (published) {
    lines.push("", `published for ${published.name}`);
    for (const [name, value] of Object.entries(published.ndcg10)) lines.push(row([name, value.toFixed(3)]));
  }
  return lines.join("\n");
}
