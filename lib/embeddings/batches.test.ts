import { describe, expect, it } from "vitest";
import { planBatches } from "./batches.ts";
import { cosine, pool } from "./vectors.ts";

describe("planBatches", () => {
  it("puts every text in exactly one batch, none above the bound", () => {
    const lengths = Array.from({ length: 200 }, (_, index) => 2 + ((index * 37) % 255));
    const batches = planBatches(lengths, 1024);
    expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
    for (const batch of batches) {
      const longest = Math.max(...batch.map((index) => lengths[index] as number));
      expect(longest * batch.length).toBeLessThanOrEqual(1024);
    }
  });

  it("gives a text longer than the bound a batch of its own, and no batch for no text", () => {
    expect(planBatches([5, 50, 5], 10)).toEqual([[1], [0, 2]]);
    expect(planBatches([7, 9], 0)).toEqual([[1], [0]]);
    expect(planBatches([], 10)).toEqual([]);
  });
});

describe("pool", () => {
  // Two texts of two and one tokens, padded to two, in two dimensions; the padding must not count.
  const hidden = Float32Array.of(1, 0, 0, 1, 3, 4, 99, 99);

  it("averages a text's own tokens", () => {
    expect(pool(hidden, [2, 1], 2, 2, { pooling: "mean", normalise: false })).toEqual([
      Float32Array.of(0.5, 0.5),
      Float32Array.of(3, 4),
    ]);
  });

  it("takes the first token, at length 1", () => {
    const vectors = pool(hidden, [2, 1], 2, 2, { pooling: "cls", normalise: true });
    expect(vectors).toEqual([Float32Array.of(1, 0), Float32Array.of(0.6, 0.8)]);
  });
});

it("measures cosine similarity whatever the lengths of the vectors", () => {
  expect(cosine([2, 0], [5, 0])).toBe(1);
  expect(cosine([1, 0], [0, 3])).toBe(0);
  expect(cosine([1, 1], [-2, -2])).toBeCloseTo(-1);
});
