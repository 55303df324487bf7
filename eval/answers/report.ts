import type { Outcome } from "./judge.ts";
import type { Measured, Measures } from "./measure.ts";

const names = {
  citationPrecision: "citation precision",
  citationRecall: "citation recall",
  coverage: "must-have statements covered",
  sourceHit: "an expected source is cited",
  sourceFirst: "the first sentence cites one",
  abstention: "abstention, unanswerable",
  falseAbstention: "false abstention, answerable",
  redirection: "redirected to the right reply",
  falseRedirection: "redirected without need",
  droppedShare: "sentences dropped",
} as const satisfies Partial<Record<keyof Measures, string>>;

const measureNames = Object.keys(names) as (keyof typeof names)[];

/** The measures as a Markdown table, and the cases that went otherwise than expected. */
export function asTable(title: string, measures: Measures, outcomes: Outcome[]): string {
  const rows = measureNames.flatMap((name) => {
    const measured = measures[name];
    return measured ? [`| ${names[name]} | ${shown(measured)} | ${measured.questions} |`] : [];
  });
  const others = outcomes
    .filter(isMissed)
    .map(
      ({ id, expectation, status, covered, hitsSource, isForbidden }) =>
        `  ${id}: expected ${expectation}, ${status}${isForbidden ? ", says what must not be said" : ""}${covered !== null && covered < 1 ? `, ${Math.round(100 * covered)} % covered` : ""}${hitsSource === false ? ", no expected source" : ""}`,
    );
  return [
    `${title}: ${measures.questions} questions, ${measures.dropped} sentences dropped, ${measures.forbidden} with what must not be said, median ${Math.round(measures.medianMilliseconds)} ms`,
    "",
    "| measure | % [95 % interval] | questions |",
    "| --- | --- | --- |",
    ...rows,
    ...(others.length > 0 ? ["", `${others.length} went otherwise:`, ...others] : []),
  ].join("\n");
}

/** Whether an outcome is worth a look. */
export function isMissed({ isExpected, covered, hitsSource, isForbidden }: Outcome): boolean {
  return !isExpected || isForbidden || (covered !== null && covered < 1) || hitsSource === false;
}

function shown({ mean, low, high }: Measured): string {
  const percent = (value: number) => (100 * value).toFixed(1);
  return `${percent(mean)} [${percent(low)}, ${percent(high)}]`;
}

/** Every number at four decimals. */
export function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toFixed(4));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, rounded(own)]));
}
