import { describe, expect, test } from "vitest";
import { type CacheParts, cacheKey, isCacheable } from "./cache.ts";
import type { SearchedCollection } from "./types.ts";

const collection = (change: Partial<SearchedCollection> = {}) =>
  ({
    id: 1,
    slug: "guidelines",
    title: "Guidelines",
    documentCount: 4,
    corpusVersion: 7,
    through: "2024-02-01",
    ...change,
  }) as SearchedCollection;

describe("the cache key", () => {
  const parts: CacheParts = {
    tenantId: "t",
    question: "Is metformin safe?",
    searchText: "Is metformin safe?",
    parts: [],
    filters: {},
    reranker: null,
    collections: [collection(), collection({ id: 2 })],
    model: "m",
    promptVersion: "p",
    earlierQuestions: ["What is it?"],
  };
  test.each<[string, Partial<CacheParts>]>([
    ["tenant", { tenantId: "other" }],
    ["no tenant", { tenantId: null }],
    ["question", { question: "Is metformin unsafe?" }],
    ["searched text", { searchText: "Kidneys? Is metformin safe?" }],
    ["parts", { parts: ["Kidneys?"] }],
    ["filters", { filters: { asOf: "2023-06-01" } }],
    ["re-ranker", { reranker: "r" }],
    ["collections", { collections: [collection()] }],
    ["corpus version", { collections: [collection({ corpusVersion: 8 }), collection({ id: 2 })] }],
    ["model", { model: "n" }],
    ["prompt version", { promptVersion: "q" }],
    ["earlier questions", { earlierQuestions: [] }],
  ])("changes with the %s", (_, change) => {
    expect(cacheKey({ ...parts, ...change })).not.toBe(cacheKey(parts));
  });
  test("is the same whatever the order of collections and the case of the question", () => {
    const other = { ...parts, question: "IS METFORMIN SAFE?", collections: parts.collections.toReversed() };
    expect(cacheKey(other)).toBe(cacheKey(parts));
  });
  test("holds no word of the question", () => {
    expect(cacheKey(parts)).not.toMatch(/metformin|safe/i);
    expect(cacheKey(parts)).toMatch(/^answer:[\w-]{43}$/);
  });
  test("only finished outcomes are kept", () => {
    const kept = (["answered", "gap", "stopped", "failed"] as const).filter((status) =>
      isCacheable({ status } as never),
    );
    expect(kept).toEqual(["answered", "gap"]);
  });
});
