import { describe, expect, it } from "vitest";
import { interleave, median, percentile, rowOf } from "./measure.ts";

describe("a comparison", () => {
  it("runs both sides turn by turn and changes which comes first", async () => {
    const order: string[] = [];
    const side = (name: string, results: number[]) => async (round: number) => {
      order.push(`${name}${round}`);
      return results[round] as number;
    };
    const medians = await interleave({ rounds: 3, value: side("v", [1, 90, 2]), baseline: side("b", [5, 4, 60]) });
    expect(order).toEqual(["v0", "b0", "b1", "v1", "v2", "b2"]);
    expect(medians).toEqual({ value: 2, baseline: 5 });
  });

  it("stops between two sides when it is aborted", async () => {
    const abort = new AbortController();
    const value = async () => {
      abort.abort(new Error("enough"));
      return 1;
    };
    const baseline = () => Promise.reject(new Error("must not run"));
    await expect(interleave({ rounds: 1, value, baseline, signal: abort.signal })).rejects.toThrow("enough");
  });
});

describe("a median", () => {
  it("is the middle, or the mean of the two middle ones", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("a percentile", () => {
  it("is the least number that the share does not exceed", () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(percentile(hundred, 0.95)).toBe(95);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.95)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

it("a row's ratio is its value over its baseline", () => {
  const row = rowOf("x", "ms", "embedded", { value: 3, baseline: 8 });
  expect(row).toEqual({ name: "x", value: 3, baseline: 8, ratio: 0.375, unit: "ms", database: "embedded" });
});
