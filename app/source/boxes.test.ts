import { describe, expect, it } from "vitest";
import type { LineBox } from "#lib/domain.ts";
import { boxesOfQuote, rectanglesOf } from "./boxes.ts";

const lines: LineBox[] = [
  { start: 0, end: 40, page: 1, x: 50, y: 100, width: 400, height: 12 },
  { start: 41, end: 80, page: 1, x: 50, y: 114, width: 400, height: 12 },
  { start: 81, end: 120, page: 2, x: 50, y: 60, width: 200, height: 12 },
];

describe("quote boxes", () => {
  it("takes every line the quote touches, over pages, and no neighbour", () => {
    expect(boxesOfQuote(lines, 79, 82).map((box) => box.start)).toEqual([41, 81]);
    expect(boxesOfQuote(lines, 40, 41)).toEqual([]);
    expect(boxesOfQuote(lines, 0, 1).map((box) => box.start)).toEqual([0]);
    expect(boxesOfQuote(lines, 80, 81)).toEqual([]);
  });

  it("takes no box for an empty quote", () => {
    expect(boxesOfQuote(lines, 41, 41)).toEqual([]);
  });

  it("scales points to per cent of the page, independent of zoom", () => {
    const box = { start: 0, end: 40, page: 1, x: 64, y: 128, width: 256, height: 32 };
    const [rectangle] = rectanglesOf([box], [{ page: 1, width: 512, height: 1024 }]);
    expect(rectangle).toEqual({ page: 1, left: 12.5, top: 12.5, width: 50, height: 3.125 });
  });

  it("cuts a box that reaches over the edge and leaves out one that lies outside or on an unknown page", () => {
    const pages = [{ page: 1, width: 100, height: 100 }];
    const box = { start: 0, end: 1, page: 1, x: 90, y: -5, width: 30, height: 10 };
    expect(rectanglesOf([box], pages)).toEqual([{ page: 1, left: 90, top: 0, width: 10, height: 5 }]);
    expect(rectanglesOf([{ ...box, x: 130 }], pages)).toEqual([]);
    expect(rectanglesOf([{ ...box, page: 7 }], pages)).toEqual([]);
  });
});
