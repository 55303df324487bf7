import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { OnnxEmbeddings } from "./onnx-embeddings.ts";
import { dtypes, loadOnnxModel } from "./onnx-model.ts";
import { parseSettings } from "./parse-settings.ts";
import type { EmbeddingSettings, OpenEmbeddingsOptions } from "./types.ts";

/** What a model's card says about its use. Some models want a fixed text before every question or document. */
const onnxOptions = z.strictObject({
  dtype: z.enum(dtypes).default("fp32"),
  pooling: z.enum(["mean", "cls"]).default("mean"),
  normalise: z.boolean().default(true),
  queryPrefix: z.string().optional(),
  documentPrefix: z.string().optional(),
  /** Texts are cut to this many tokens; to the tokenizer's own limit if not given. */
  maximumTokens: z.number().int().min(8).max(32_768).optional(),
});

const onnxSettings = z.object({
  /** The folder of the model: absolute, or below the models directory. */
  model: z.string().min(1),
  dimensions: z.number().int().positive(),
  options: onnxOptions.prefault({}),
});

/** Opens a user's own ONNX encoder, in the folder layout of transformers.js; nothing is fetched from a network. */
export async function open(settings: EmbeddingSettings, options: OpenEmbeddingsOptions): Promise<OnnxEmbeddings> {
  const { model, options: own } = parseSettings("onnx", onnxSettings, settings);
  const { queryPrefix, documentPrefix, ...rest } = own;
  const directory = isAbsolute(model) ? model : join(options.modelsDirectory, model);
  return new OnnxEmbeddings(settings, () => loadOnnxModel({ ...rest, directory, threads: options.threads }), {
    queryPrefix,
    documentPrefix,
    workers: options.workers,
    logger: options.logger,
  });
}
