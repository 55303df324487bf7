import type { Database } from "#db/index.ts";

/** One comparison. `ratio` is `value / baseline`, each the median of its interleaved runs; only it compares machines. */
export interface BenchRow {
  name: string;
  value: number;
  baseline: number;
  ratio: number;
  unit: string;
  /** What both sides ran on. */
  database: "embedded" | "postgres";
}

export interface Comparison {
  rounds: number;
  /** Both return what they measured themselves: milliseconds, or things a second. */
  value: (round: number) => Promise<number>;
  baseline: (round: number) => Promise<number>;
  signal?: AbortSignal | undefined;
}

/**
 * Runs both sides turn by turn, the first of each round changing, so that a machine's moods fall on both alike.
 * @returns the median of each side
 */
export async function interleave(comparison: Comparison): Promise<{ value: number; baseline: number }> {
  const { values, baselines } = await interleaveAll(comparison);
  return { value: median(values), baseline: median(baselines) };
}

/** The same, with every measurement in the order of its rounds. */
export async function interleaveAll(comparison: Comparison): Promise<{ values: number[]; baselines: number[] }> {
  const values: number[] = [];
  const baselines: number[] = [];
  for (let round = 0; round < comparison.rounds; round += 1) {
    const sides = [
      async () => values.push(await comparison.value(round)),
      async () => baselines.push(await comparison.baseline(round)),
    ];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) {
      comparison.signal?.throwIfAborted();
      await side();
    }
  }
  return { values, baselines };
}

/** The number that a share of them does not exceed: .95 is the 95th percentile. @throws RangeError for no numbers */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError("a percentile of nothing");
  return found;
}

/** @throws RangeError for no numbers */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new RangeError("a median of nothing");
  return (low + high) / 2;
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export function rowOf(
  name: string,
  unit: string,
  database: BenchRow["database"],
  { value, baseline }: { value: number; baseline: number },
): BenchRow {
  return { name, value: round(value), baseline: round(baseline), ratio: round(value / baseline), unit, database };
}

export function kindOf(database: Database): BenchRow["database"] {
  return database.isEmbedded ? "embedded" : "postgres";
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
