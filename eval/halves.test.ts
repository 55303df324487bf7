import { expect, test } from "vitest";
import { halfOf } from "./halves.ts";

test("a query stays in its half", () => {
  // sha256("1") begins with 6b, sha256("3") with 4e.
  expect(["1", "3"].map(halfOf)).toEqual(["report", "tune"]);
});

test("the halves are about as large as one another", () => {
  const tune = Array.from({ length: 2000 }, (_, at) => halfOf(`query-${at}`)).filter((half) => half === "tune").length;
  expect(tune).toBeGreaterThan(900);
  expect(tune).toBeLessThan(1100);
});
