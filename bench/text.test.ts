import { describe, expect, it } from "vitest";
import { generateDocuments, generateVectors } from "./text.ts";

describe("generated text", () => {
  const documents = generateDocuments(200, 7);

  it("is the same for the same seed and another for another", () => {
    expect(generateDocuments(3, 7)).toEqual(documents.slice(0, 3));
    expect(generateDocuments(1, 8)[0]?.text).not.toBe(documents[0]?.text);
  });

  it("has few words that come often and many that come once", () => {
    const counts = new Map<string, number>();
    for (const word of documents.flatMap(({ text }) => text.toLowerCase().match(/[a-z]+/g) ?? [])) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const sorted = [...counts.values()].sort((a, b) => b - a);
    const total = sorted.reduce((sum, count) => sum + count, 0);
    expect(total).toBe(200 * 140);
    expect((sorted[0] as number) / total).toBeGreaterThan(0.05);
    expect((sorted[0] as number) / (sorted[9] as number)).toBeGreaterThan(5);
    expect(sorted.filter((count) => count === 1).length / sorted.length).toBeGreaterThan(0.25);
  });
});

it("generated vectors have length 1 and lie in clusters", () => {
  const vectors = generateVectors(400, 32, 3);
  for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  const similarities = vectors
    .slice(1)
    .map((vector) => vector.reduce((sum, x, at) => sum + x * (vectors[0]?.[at] ?? 0), 0));
  expect(Math.max(...similarities)).toBeGreaterThan(0.5);
});
