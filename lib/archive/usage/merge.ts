import { bucketsPerE, type Histogram, type UsageFigures, type UsageRow } from "#db/index.ts";

export function noFigures(): UsageFigures {
  return {
    questions: 0,
    answered: 0,
    abstained: 0,
    redirected: 0,
    stopped: 0,
    failed: 0,
    sentences: 0,
    dropped: 0,
    cached: 0,
    tokens: 0,
    first: {},
    total: {},
    feedback: {},
  };
}

/** The sums of several: histograms and kinds of feedback add up like the rest. */
export function merged(all: readonly Partial<UsageFigures>[]): UsageFigures {
  const sum = noFigures();
  for (const one of all) {
    sum.questions += one.questions ?? 0;
    sum.answered += one.answered ?? 0;
    sum.abstained += one.abstained ?? 0;
    sum.redirected += one.redirected ?? 0;
    sum.stopped += one.stopped ?? 0;
    sum.failed += one.failed ?? 0;
    sum.sentences += one.sentences ?? 0;
    sum.dropped += one.dropped ?? 0;
    sum.cached += one.cached ?? 0;
    sum.tokens += one.tokens ?? 0;
    addTo(sum.first, one.first);
    addTo(sum.total, one.total);
    addTo(sum.feedback, one.feedback);
  }
  return sum;
}

/** One row for each day, collection and model. */
export function oneRowEach(rows: readonly UsageRow[]): UsageRow[] {
  const places = Map.groupBy(rows, ({ day, collection, model }) => JSON.stringify([day, collection, model]));
  return [...places.values()].map((same) => ({
    ...(same[0] as UsageRow),
    figures: merged(same.map(({ figures }) => figures)),
  }));
}

/**
 * The milliseconds within which a share of all lies, to the width of a bucket (some 9 %); null when there are none.
 * @param share 0.5 for the median
 */
export function percentile(histogram: Histogram, share: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .sort((a, b) => a.bucket - b.bucket);
  const all = buckets.reduce((sum, { count }) => sum + count, 0);
  let left = Math.ceil(all * share);
  for (const { bucket, count } of buckets) {
    left -= count;
    if (left <= 0) return Math.exp((bucket + 0.5) / bucketsPerE);
  }
  return null;
}

function addTo(sum: Record<string, number>, added: Record<string, number> = {}): void {
  for (const [key, count] of Object.entries(added)) sum[key] = (sum[key] ?? 0) + count;
}
