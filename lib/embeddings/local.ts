import { join } from "node:path";
import { z } from "zod";
import { buildLocalModel } from "./minilm/build.ts";
import type { ModelDtype } from "./minilm/graph.ts";
import { referenceVectors } from "./minilm/reference-vectors.ts";
import { OnnxEmbeddings } from "./onnx-embeddings.ts";
import { loadOnnxModel, type OnnxModel } from "./onnx-model.ts";
import { parseSettings } from "./parse-settings.ts";
import type { EmbeddingLogger, EmbeddingSettings, OpenEmbeddingsOptions } from "./types.ts";
import { cosine } from "./vectors.ts";

/** all-MiniLM-L6-v2: 384 dimensions, texts up to 256 tokens, vectors of length 1. */
const localSettings = z.object({
  model: z.literal("all-MiniLM-L6-v2"),
  dimensions: z.literal(384),
  options: z.strictObject({ dtype: z.enum(["q8", "fp32"]).default("q8") }).default({ dtype: "q8" }),
});

/** Right 8-bit arithmetic lies at .99; processors that saturate 16-bit sums fall clearly below this. */
export const leastSimilarity = 0.98;

/** Opens the model that needs nothing but this machine; it is built below `modelsDirectory` when first used. */
export async function open(settings: EmbeddingSettings, options: OpenEmbeddingsOptions): Promise<OnnxEmbeddings> {
  const { model, options: own } = parseSettings("local-minilm", localSettings, settings);
  const directory = join(options.modelsDirectory, "local", model);
  return new OnnxEmbeddings(settings, () => loadLocalModel({ ...options, directory, dtype: own.dtype }), options);
}

export type LocalModelOptions = {
  directory: string;
  dtype: ModelDtype;
  threads?: number;
  logger?: EmbeddingLogger;
  /** What a loaded model must come near; for tests of the way back to 32 bits. */
  reference?: readonly { text: string; vector: readonly number[] }[];
};

/**
 * Builds the model if needed, loads it and embeds fixed sentences. Where this processor's 8-bit arithmetic puts one
 * of them too far from its stored vector, the 32-bit model is used instead and the logger is told.
 */
export async function loadLocalModel(options: LocalModelOptions): Promise<OnnxModel> {
  const { directory, dtype, threads, logger, reference = referenceVectors } = options;
  await buildLocalModel({ target: directory, dtype });
  const model = await loadOnnxModel({ directory, dtype, pooling: "mean", normalise: true, threads });
  if (dtype === "fp32") return model;

  const vectors = await model.embed(reference.map(({ text }) => text));
  const similarity = Math.min(...vectors.map((vector, index) => cosine(vector, reference[index]?.vector ?? [])));
  if (similarity >= leastSimilarity) return model;

  const details = { directory, similarity, leastSimilarity };
  logger?.warn(details, "This processor's 8-bit results are inexact; using the 32-bit embedding model instead.");
  await model.close();
  return loadLocalModel({ ...options, dtype: "fp32" });
}
