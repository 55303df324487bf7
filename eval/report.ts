import type { Estimate } from "./bootstrap.ts";
import type { Evaluation } from "./evaluate.ts";
import { publishedFor } from "./published.ts";
import { arms, type Estimates, metrics } from "./summary.ts";

/** The evaluation with its figures at four decimals. */
export function rounded(evaluation: Evaluation): Evaluation {
  return JSON.parse(JSON.stringify(evaluation), (_key, value) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(4)) : value,
  ) as Evaluation;
}

/** The evaluation as a table for people, beside what others published for the same set. */
export function evaluationTable(evaluation: Evaluation): string {
  const lines = [`${evaluation.set}: ${evaluation.documents} documents, ${evaluation.judgedQueries} judged queries`];
  for (const { part, queries, arms: scores, hybridGain, understandingGain } of evaluation.summaries) {
    lines.push("", row([`${part} (${queries} queries)`, "nDCG@10", "recall@10", "recall@100", "MRR@10"]));
    for (const arm of arms) lines.push(...estimateRows(arm, scores[arm], plain));
    lines.push(...estimateRows("hybrid − lexical", hybridGain.lexical, signed));
    lines.push(...estimateRows("hybrid − dense", hybridGain.dense, signed));
    lines.push(...estimateRows("understood − hybrid", understandingGain, signed));
  }
  const published = publishedFor(evaluation.documents, evaluation.judgedQueries);
  if (published) {
    lines.push("", `published for the whole of ${published.name}`);
    for (const [name, value] of Object.entries(published.ndcg10)) lines.push(row([name, value.toFixed(3)]));
  }
  return lines.join("\n");
}

/** The means, and below them their 95 % intervals. */
function estimateRows(name: string, estimates: Estimates, format: (value: number) => string): string[] {
  const cells = (text: (estimate: Estimate) => string) => metrics.map((metric) => text(estimates[metric]));
  return [
    row([name, ...cells(({ mean }) => format(mean))]),
    row(["  95 %", ...cells(({ low, high }) => `${format(low)}…${format(high)}`)]),
  ];
}

const plain = (value: number) => value.toFixed(4);
const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;

function row(cells: string[]): string {
  return cells
    .map((cell, at) => (at === 0 ? cell.padEnd(30) : cell.padStart(18)))
    .join("")
    .trimEnd();
}
