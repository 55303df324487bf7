import { describe, expect, it } from "vitest";
import type { LabelWarning } from "#lib/domain.ts";
import { aCitation, aWarning } from "./fixtures.ts";
import { byDocument, isFolded, warningGroups } from "./warnings.ts";

const quotes = (lengths: number[]) =>
  lengths.map((length, index) =>
    aCitation({ start: index * 1000, end: index * 1000 + length, quote: "x".repeat(length) }),
  );

describe("warnings of labels", () => {
  it("stand with the boxed ones first, gathered by drug, each quote once", () => {
    const [first, second] = quotes([10, 20]) as [LabelWarning["citations"][0], LabelWarning["citations"][0]];
    const groups = warningGroups([
      aWarning({ kind: "contraindication", drug: "Warfarin", citations: [first] }),
      aWarning({ kind: "boxed_warning", drug: "Warfarin", citations: [first] }),
      aWarning({ kind: "boxed_warning", drug: "Metformin", citations: [second] }),
      aWarning({ kind: "boxed_warning", drug: "WARFARIN", citations: [first, second] }),
    ]);
    expect(groups.map(({ kind, drug, citations }) => [kind, drug, citations.length])).toEqual([
      ["boxed_warning", "Warfarin", 2],
      ["boxed_warning", "Metformin", 1],
      ["contraindication", "Warfarin", 1],
    ]);
  });

  it("name the label of several quotes once", () => {
    const [one, two] = quotes([10, 20]);
    const other = aCitation({ documentId: "document-2" });
    const documents = byDocument([one, other, two].filter((citation) => citation !== undefined));
    expect(documents.map(({ first, quotes: its }) => [first.documentId, its.length])).toEqual([
      ["document-1", 2],
      ["document-2", 1],
    ]);
  });

  it("fold long contraindications and never a boxed warning", () => {
    const long = quotes([700]);
    const many = quotes([5, 5, 5, 5, 5, 5, 5]);
    expect(isFolded(aWarning({ kind: "contraindication", citations: long }))).toBe(true);
    expect(isFolded(aWarning({ kind: "contraindication", citations: many }))).toBe(true);
    expect(isFolded(aWarning({ kind: "contraindication", citations: quotes([80, 90]) }))).toBe(false);
    expect(isFolded(aWarning({ kind: "boxed_warning", citations: [...long, ...many] }))).toBe(false);
  });
});
