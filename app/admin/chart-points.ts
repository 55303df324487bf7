import type { ProgressPoint } from "#lib/ingest-runs/index.ts";

export interface ChartPoint {
  /** Seconds since the first point. */
  seconds: number;
  records: number;
  passages: number;
}

/** Points to plot: the first of a run has no rate yet and only says where time begins. */
export function chartPoints(progress: ProgressPoint[]): ChartPoint[] {
  const [first, ...rest] = progress;
  if (!first) return [];
  const start = new Date(first.at).getTime();
  return rest.map(({ at, recordsPerSecond, chunksPerSecond }) => ({
    seconds: Math.round((new Date(at).getTime() - start) / 1000),
    records: recordsPerSecond,
    passages: chunksPerSecond,
  }));
}

/** A plot in a sentence, for those who do not see it. */
export function plotInWords(points: ChartPoint[]): string {
  const last = points.at(-1);
  if (!last) return "No rates have been measured yet.";
  const peak = (name: "records" | "passages") => Math.max(...points.map((point) => point[name])).toFixed(1);
  return (
    `Records a second reached ${peak("records")} and passages a second ${peak("passages")}; ` +
    `at the last measure they were ${last.records.toFixed(1)} and ${last.passages.toFixed(1)}.`
  );
}
