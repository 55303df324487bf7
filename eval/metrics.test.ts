import { describe, expect, it, test } from "vitest";
import { ndcgAt, rankDocuments, recallAt, reciprocalRankAt, scoreRanking } from "./metrics.ts";

const gains = new Map([
  ["a", 2],
  ["b", 1],
  ["c", 1],
  ["d", 0],
]);

describe("nDCG", () => {
  it("is 1 for the ideal order", () => {
    expect(ndcgAt(10, ["a", "b", "c", "d"], gains)).toBe(1);
  });

  it("takes gains as they are and discounts them by log2 of the rank plus one", () => {
    // DCG = 1/log2(2) + 0/log2(3) + 2/log2(4) = 2; ideal = 2/log2(2) + 1/log2(3) + 1/log2(4) = 3.1309297…
    expect(ndcgAt(10, ["b", "x", "a"], gains)).toBeCloseTo(2 / 3.1309297535714573, 12);
  });

  it("cuts both the ranking and its ideal at the depth", () => {
    // DCG@2 = 0 + 2/log2(3) = 1.2618595…; ideal@2 = 2 + 1/log2(3) = 2.6309297…
    expect(ndcgAt(2, ["x", "a", "b"], gains)).toBeCloseTo(1.2618595071429148 / 2.630929753571457, 12);
  });

  it("gives nothing for negative judgements, and 0 where nothing is relevant", () => {
    expect(ndcgAt(10, ["a", "b"], new Map([["a", -1]]))).toBe(0);
    const withSpam = new Map([
      ["spam", -2],
      ["good", 1],
    ]);
    expect(ndcgAt(10, ["spam", "good"], withSpam)).toBeCloseTo(1 / Math.log2(3), 12);
  });
});

describe("recall and reciprocal rank", () => {
  it("counts relevant documents within the depth", () => {
    expect(recallAt(2, ["x", "c", "a"], gains)).toBeCloseTo(1 / 3, 12);
    expect(recallAt(3, ["x", "c", "a"], gains)).toBeCloseTo(2 / 3, 12);
    expect(recallAt(10, ["d"], gains)).toBe(0);
  });

  it("takes the first relevant rank, not a judged irrelevant one", () => {
    expect(reciprocalRankAt(10, ["d", "x", "c", "a"], gains)).toBeCloseTo(1 / 3, 12);
    expect(reciprocalRankAt(2, ["d", "x", "c"], gains)).toBe(0);
  });
});

describe("the ranking of documents", () => {
  it("takes each document once, at its best chunk", () => {
    const chunks = [
      { sourceId: "a", score: 0.2 },
      { sourceId: "b", score: 0.5 },
      { sourceId: "a", score: 0.9 },
      { sourceId: "c", score: 0.5 },
    ];
    expect(rankDocuments(chunks, "q", gains)).toEqual(["a", "b", "c"]);
  });

  it("leaves out a document with the query's own id", () => {
    const chunks = [
      { sourceId: "q", score: 1 },
      { sourceId: "a", score: 0.5 },
    ];
    expect(rankDocuments(chunks, "q", gains)).toEqual(["a"]);
  });

  it("keeps it where the judgements name it", () => {
    const chunks = [{ sourceId: "q", score: 1 }];
    expect(rankDocuments(chunks, "q", new Map([["q", 1]]))).toEqual(["q"]);
  });
});

test("all metrics of one query", () => {
  expect(scoreRanking(["a", "b", "c"], gains)).toEqual({ ndcg10: 1, recall10: 1, recall100: 1, mrr10: 1 });
  expect(scoreRanking([], gains)).toEqual({ ndcg10: 0, recall10: 0, recall100: 0, mrr10: 0 });
});
