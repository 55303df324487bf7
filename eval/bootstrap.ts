import { createHash } from "node:crypto";

/** A mean with the bounds of its 95 % confidence interval. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

const resamples = 2000;
const seed = 20_261_122;

/**
 * The mean of values over queries with its percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13): queries
 * are drawn with replacement, 2,000 times, always by the same numbers. For paired differences give the differences.
 * @throws RangeError when there is no value
 */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  if (count === 0) throw new RangeError("no query was scored");
  const random = generator(seed);
  const means = new Float64Array(resamples);
  for (let round = 0; round < resamples; round += 1) {
    let sum = 0;
    for (let draw = 0; draw < count; draw += 1) sum += values[Math.floor(random() * count)] as number;
    means[round] = sum / count;
  }
  means.sort();
  const at = (share: number) => means[Math.round(share * (resamples - 1))] as number;
  return { mean: values.reduce((sum, value) => sum + value, 0) / count, low: at(0.025), high: at(0.975) };
}

/** Numbers from 0 to below 1, 32 bits of them by xorshift (Marsaglia 2003); a linear generator's low bits repeat. */
function generator(start: number): () => number {
  let state = createHash("sha256").update(String(start)).digest().readUInt32LE(0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x1_0000_0000;
  };
}
