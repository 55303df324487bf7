import { expect, it } from "vitest";
import { chartPoints, plotInWords } from "./chart-points.ts";

const point = (second: number, records: number, chunks: number) => ({
  at: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString(),
  read: 0,
  chunks: 0,
  failed: 0,
  recordsPerSecond: records,
  chunksPerSecond: chunks,
});

it("plots rates from the second point on, by seconds since the first", () => {
  expect(chartPoints([])).toEqual([]);
  expect(chartPoints([point(0, 0, 0)])).toEqual([]);
  expect(chartPoints([point(0, 0, 0), point(5, 2, 4), point(10, 1, 8)])).toEqual([
    { seconds: 5, records: 2, passages: 4 },
    { seconds: 10, records: 1, passages: 8 },
  ]);
});

it("tells the plot in a sentence", () => {
  expect(plotInWords([])).toMatch(/No rates/);
  expect(plotInWords(chartPoints([point(0, 0, 0), point(5, 2, 4), point(10, 1, 8)]))).toBe(
    "Records a second reached 2.0 and passages a second 8.0; at the last measure they were 1.0 and 8.0.",
  );
});
