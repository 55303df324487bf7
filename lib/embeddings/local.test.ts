import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultEmbedding, openEmbeddings } from "./index.ts";
import { leastSimilarity, loadLocalModel } from "./local.ts";
import { referenceVectors } from "./minilm/reference-vectors.ts";
import { OnnxEmbeddings } from "./onnx-embeddings.ts";
import type { OnnxModel } from "./onnx-model.ts";
import { cosine } from "./vectors.ts";

const warnings: object[] = [];
const logger = { warn: (details: object) => void warnings.push(details) };

describe("the local model", () => {
  let modelsDirectory: string;
  let directory: string;
  let q8: OnnxModel;
  let fp32: OnnxModel;
  beforeAll(async () => {
    modelsDirectory = await mkdtemp(join(tmpdir(), "models-"));
    directory = join(modelsDirectory, "local", "all-MiniLM-L6-v2");
    q8 = await loadLocalModel({ directory, dtype: "q8", logger });
    fp32 = await loadLocalModel({ directory, dtype: "fp32", logger });
  });
  afterAll(async () => {
    await Promise.all([q8?.close(), fp32?.close()]);
    await rm(modelsDirectory, { recursive: true });
  });

  it("gives the published vector of a sentence in 32 bits", async () => {
    // The first numbers that the transformers.js documentation shows for the original model.
    const [vector = new Float32Array()] = await fp32.embed(["This is a simple test."]);
    expect(vector[0]).toBeCloseTo(0.09528, 3);
    expect(vector[1]).toBeCloseTo(-0.02473, 3);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  it("gives the stored reference vectors again in 32 bits, and comes near them in 8", async () => {
    const texts = referenceVectors.map(({ text }) => text);
    const exact = await fp32.embed(texts);
    const near = await q8.embed(texts);
    referenceVectors.forEach(({ vector }, index) => {
      expect(cosine(exact[index] ?? [], vector)).toBeGreaterThan(0.99999);
      expect(cosine(near[index] ?? [], vector)).toBeGreaterThan(warnings.length === 0 ? 0.985 : leastSimilarity);
    });
  });

  it.each([
    [
      "What lowers stroke risk in atrial fibrillation?",
      "Oral anticoagulants prevent embolism when the atria fibrillate.",
    ],
    ["metformin with poor kidney function", "Biguanide dose must be reduced as the glomerular filtration rate falls."],
    [
      "first hour of septic shock",
      "Blood cultures and antibiotics come at once in severe infection with low pressure.",
    ],
    ["high blood pressure in pregnancy", "Labetalol and nifedipine treat hypertension of expectant mothers."],
    ["next step when an asthma inhaler is not enough", "Add a long-acting beta agonist to the inhaled corticosteroid."],
  ])("ranks the passage that answers %j first", async (question, answer) => {
    const others = [
      "Oral anticoagulants prevent embolism when the atria fibrillate.",
      "Biguanide dose must be reduced as the glomerular filtration rate falls.",
      "Blood cultures and antibiotics come at once in severe infection with low pressure.",
      "Labetalol and nifedipine treat hypertension of expectant mothers.",
      "Add a long-acting beta agonist to the inhaled corticosteroid.",
      "Sunscreen should be applied every two hours outdoors.",
    ];
    const [query = new Float32Array(), ...passages] = await q8.embed([question, ...others]);
    const scores = passages.map((passage) => cosine(query, passage));
    expect(others[scores.indexOf(Math.max(...scores))]).toBe(answer);
  });

  it("gives a text the same vector alone and in any company, in the order of the texts", async () => {
    const texts = ["Fever.", "A much longer sentence about the treatment of fever in small children.", "", "Cough."];
    const together = await q8.embed(texts);
    for (const [index, text] of texts.entries()) expect((await q8.embed([text]))[0]).toEqual(together[index]);
    const exactTogether = await fp32.embed(texts);
    for (const [index, text] of texts.entries()) {
      expect(cosine((await fp32.embed([text]))[0] ?? [], exactTogether[index] ?? [])).toBeGreaterThan(0.99999);
    }
  });

  it("cuts at 256 tokens, the closing one kept, and reads a huge text without effort", async () => {
    const words = (count: number) => Array.from({ length: count }, () => "pain").join(" ");
    const [full, over, huge, under] = await q8.embed([words(254), words(255), words(500_000), words(253)]);
    expect(over).toEqual(full);
    expect(huge).toEqual(full);
    expect(under).not.toEqual(full);
  });

  it.each(["", "   \n", "\u0000\ud800", "😀".repeat(300), "x".repeat(100_000)])("embeds odd text %#", async (text) => {
    const [vector] = await q8.embed([text]);
    expect(vector?.length).toBe(384);
    expect(vector?.every(Number.isFinite)).toBe(true);
  });

  it("goes back to 32 bits, saying so, where 8-bit arithmetic is inexact", async () => {
    const before = warnings.length;
    // A reference that the 8-bit model cannot meet stands for a processor that computes it wrongly.
    const reference = [{ text: "Fever.", vector: Array.from({ length: 384 }, (_, index) => (index % 2 ? 1 : -1)) }];
    const model = await loadLocalModel({ directory, dtype: "q8", logger, reference });
    expect(warnings.slice(before)).toEqual([expect.objectContaining({ directory, leastSimilarity })]);
    expect((await model.embed(["Fever."]))[0]).toEqual((await fp32.embed(["Fever."]))[0]);
    await model.close();
  });

  it("is loaded once for ten callers, and tried again after a failed load", async () => {
    let loads = 0;
    const embeddings = new OnnxEmbeddings(defaultEmbedding, async () => {
      loads++;
      if (loads === 1) throw new Error("disk trouble");
      return q8;
    });
    const failed = await Promise.allSettled(Array.from({ length: 10 }, () => embeddings.embedQuery("fever")));
    expect(failed.every(({ status }) => status === "rejected")).toBe(true);
    expect(loads).toBe(1);
    const vectors = await Promise.all(Array.from({ length: 10 }, () => embeddings.embedQuery("fever")));
    expect(loads).toBe(2);
    expect(new Set(vectors.map((vector) => vector.join())).size).toBe(1);
  });

  it("refuses other models, dimensions and options", async () => {
    for (const wrong of [{ model: "other" }, { dimensions: 768 }, { options: { dtype: "q2" } }]) {
      const opening = openEmbeddings({ ...defaultEmbedding, ...wrong }, { modelsDirectory });
      await expect(opening).rejects.toMatchObject({ code: "bad_settings", key: "local-minilm" });
    }
  });

  it("says which folder holds no model", async () => {
    const settings = { provider: "onnx", model: "nowhere", dimensions: 384 };
    const embeddings = await openEmbeddings(settings, { modelsDirectory });
    const failure = { code: "model_unreadable", key: join(modelsDirectory, "nowhere") };
    await expect(embeddings.embedQuery("fever")).rejects.toMatchObject(failure);
  });
});
