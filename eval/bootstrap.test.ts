import { expect, test } from "vitest";
import { estimate } from "./bootstrap.ts";

test("the interval of a share is near what theory says", () => {
  // 400 queries, half of them 1: standard error .025, so .5 ± .049.
  const { mean, low, high } = estimate(Array.from({ length: 400 }, (_, at) => at % 2));
  expect(mean).toBe(0.5);
  expect(low).toBeGreaterThan(0.44);
  expect(low).toBeLessThan(0.46);
  expect(high).toBeGreaterThan(0.54);
  expect(high).toBeLessThan(0.56);
});

test("the same values give the same interval", () => {
  const values = [0.2, 0.9, 0.4, 0, 1, 1, 0.3];
  expect(estimate(values)).toEqual(estimate([...values]));
});

test("a value that never varies has no width", () => {
  expect(estimate([0.25, 0.25, 0.25])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
});

test("paired differences can be certain where the values themselves vary", () => {
  const lower = Array.from({ length: 100 }, (_, at) => (at % 10) / 10);
  const higher = lower.map((value) => value + 0.05);
  const difference = estimate(higher.map((value, at) => value - (lower[at] as number)));
  expect(difference.low).toBeGreaterThan(0.04);
  expect(estimate(lower).high).toBeGreaterThan(estimate(higher).low);
});

test("no query at all is refused", () => {
  expect(() => estimate([])).toThrow(RangeError);
});
