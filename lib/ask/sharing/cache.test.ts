import { describe, expect, test } from "vitest";
import { type Cache, openCache } from "../../storage/cache.ts";
import type { SearchedCollection } from "../passage.ts";
import { emptyAnswer } from "../result.ts";
import { answerTo, type CacheParts, cacheKey, isCacheable, keepAnswer, readAnswer, scopeKey } from "./cache.ts";

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
  test("the scope is the same for other words, and for nothing else", () => {
    const words = { question: "Other?", searchText: "Other?", parts: ["Other?"] };
    expect(scopeKey({ ...parts, ...words })).toBe(scopeKey(parts));
    expect(scopeKey({ ...parts, filters: { asOf: "2023-06-01" } })).not.toBe(scopeKey(parts));
    expect(scopeKey({ ...parts, collections: [collection({ corpusVersion: 8 })] })).not.toBe(scopeKey(parts));
    expect(scopeKey({ ...parts, tenantId: "other" })).not.toBe(scopeKey(parts));
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
    const kept = (["answered", "gap", "redirected", "stopped", "failed"] as const).filter((status) =>
      isCacheable({ status } as never),
    );
    expect(kept).toEqual(["answered", "gap"]);
  });
});

describe("a kept answer", () => {
  const quiet = { info() {}, warn() {}, error() {} };
  const open = (): Promise<Cache> => openCache({ prefix: "test", logger: quiet });
  const gap = { question: "Is it Ms Miller's?", missingTerms: [], searched: [], nearestMisses: [] };
  const understanding = { searchText: "Is it Ms Miller's?", parts: [], changes: [] };
  const result = { ...emptyAnswer(null), status: "gap" as const, gap, understanding };

  test("comes back for its next asker with their own question", async () => {
    const cache = await open();
    await keepAnswer(cache, "key", { result, passages: [] }, 60);
    const kept = await readAnswer(cache, "key");
    if (!kept) throw new Error("nothing was kept");
    expect(JSON.stringify(kept)).not.toContain("Miller");
    const own = { searchText: "Is it hers?", parts: [], changes: [] };
    expect(answerTo("Is it hers?", own, kept.result)).toEqual({
      ...result,
      understanding: own,
      gap: { ...gap, question: "Is it hers?" },
    });
  });
  test("of another form, or none, is a miss", async () => {
    const cache = await open();
    await cache.set("key", { result: { status: "answered" } }, { ttlSeconds: 60 });
    expect(await readAnswer(cache, "key")).toBeNull();
    expect(await readAnswer(cache, "nothing")).toBeNull();
  });
  test("nothing is kept for no time", async () => {
    const cache = await open();
    await keepAnswer(cache, "key", { result, passages: [] }, 0);
    expect(await readAnswer(cache, "key")).toBeNull();
  });
});
