import { expect, test } from "vitest";
import { chunkDocument, defaultChunkSettings } from "./chunk.ts";

const sentence = (words: number, name: string) =>
  `${name} ${Array.from({ length: words - 1 }, (_, index) => `word${index}`).join(" ")}.`;
const count = (text: string) => text.split(/\s+/).length;

test("gathers whole sentences to about the target, within one section", () => {
  const one = Array.from({ length: 20 }, (_, index) => sentence(25, `S${index}`)).join(" ");
  const two = sentence(30, "Other");
  const text = `${one}\n\n${two}`;
  const sections = [
    { label: "Methods", path: ["Body", "Methods"], start: 0, end: one.length, page: null },
    { label: "Results", path: ["Body", "Results"], start: one.length + 2, end: text.length, page: null },
  ];
  const chunks = chunkDocument({ text, sections, boxes: [] });
  expect(chunks.map((chunk) => chunk.section)).toEqual(["Methods", "Methods", "Methods", "Results"]);
  for (const chunk of chunks) {
    expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
    expect(chunk.text).toMatch(/^(?:S\d+|Other) .*\.$/s);
    expect(count(chunk.text)).toBeLessThanOrEqual(defaultChunkSettings.maxWords);
  }
  expect(chunks.slice(0, 3).every((chunk) => count(chunk.text) >= 110)).toBe(true);
  expect(chunks.map((chunk) => chunk.ordinal)).toEqual([0, 1, 2, 3]);
});

test("a short tail joins what stands before it", () => {
  const text = [sentence(80, "A"), sentence(80, "B"), sentence(10, "C")].join(" ");
  expect(chunkDocument({ text, sections: [], boxes: [] })).toHaveLength(1);
});

test("a table past the limit is cut at rows, a sentence at spaces, a run without spaces anywhere but inside a character", () => {
  const table = Array.from({ length: 200 }, (_, index) => `drug ${index} | 5 mg | twice daily`).join("\n");
  for (const chunk of chunkDocument({ text: table, sections: [], boxes: [] })) {
    expect(chunk.text.startsWith("drug")).toBe(true);
    expect(chunk.text.endsWith("daily")).toBe(true);
  }
  const long = "word ".repeat(1000).trim();
  const pieces = chunkDocument({ text: long, sections: [], boxes: [] });
  expect(pieces.map((chunk) => chunk.text).join(" ")).toBe(long);
  const solid = "😀".repeat(5000);
  const solidPieces = chunkDocument({ text: solid, sections: [], boxes: [] });
  expect(solidPieces.map((chunk) => chunk.text).join("")).toBe(solid);
  for (const chunk of [...pieces, ...solidPieces]) {
    expect(count(chunk.text)).toBeLessThanOrEqual(250);
    expect(chunk.text.length).toBeLessThanOrEqual(2500);
    expect(chunk.text.isWellFormed()).toBe(true);
  }
});

test("takes the boxes its characters stand in, and their pages", () => {
  const text = `${sentence(150, "A")} ${sentence(150, "B")}`;
  const half = Math.floor(text.length / 2);
  const box = (start: number, end: number, page: number) => ({ start, end, page, x: 0, y: 0, width: 1, height: 1 });
  const boxes = [box(0, 100, 1), box(100, half, 1), box(half, text.length, 2)];
  const [first, second] = chunkDocument({ text, sections: [], boxes });
  expect(first).toMatchObject({ page: 1, pageEnd: first?.end && first.end > half ? 2 : 1 });
  expect(second).toMatchObject({ pageEnd: 2 });
  expect(second?.boxes.at(-1)).toEqual(boxes[2]);
});

test("an empty text has no chunk", () => {
  expect(chunkDocument({ text: " \n ", sections: [], boxes: [] })).toEqual([]);
});
