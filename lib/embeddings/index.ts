import {
  EmbeddingError,
  type EmbeddingSettings,
  embeddingSettings,
  type OpenEmbeddings,
  type OpenEmbeddingsOptions,
  type VectorEmbeddings,
} from "./types.ts";

export { buildLocalModel } from "./minilm/build.ts";
export type { EmbeddingSettings, OpenEmbeddingsOptions, VectorEmbeddings } from "./types.ts";
export { cosine } from "./vectors.ts";

/** Every provider, loaded only when a collection uses it. */
export const embeddingProviders = {
  "local-minilm": () => import("./local.ts"),
  "openai-compatible": () => import("./openai-compatible.ts"),
  onnx: () => import("./onnx.ts"),
} as const satisfies Record<string, () => Promise<{ open: OpenEmbeddings }>>;

export type EmbeddingProvider = keyof typeof embeddingProviders;

/** What a collection gets unless it says otherwise: nothing to install, nothing leaves the machine. */
export const defaultEmbedding = {
  provider: "local-minilm",
  model: "all-MiniLM-L6-v2",
  dimensions: 384,
} as const satisfies EmbeddingSettings;

/** The same as a collection has it. */
export const defaultSpace = {
  embeddingProvider: defaultEmbedding.provider,
  embeddingModel: defaultEmbedding.model,
  embeddingDimensions: defaultEmbedding.dimensions,
} as const;

/**
 * Opens the embeddings that a collection's settings name. Models on this machine are loaded at their first text,
 * each opening its own copy: open once and share.
 * Every vector has `settings.dimensions` numbers or the call fails with `wrong_dimensions`.
 */
export async function openEmbeddings(
  settings: EmbeddingSettings,
  options: OpenEmbeddingsOptions,
): Promise<VectorEmbeddings> {
  const parsed = embeddingSettings.safeParse(settings);
  if (!parsed.success) {
    throw new EmbeddingError("bad_settings", "settings", "Embedding settings do not fit.", { cause: parsed.error });
  }
  const { provider } = parsed.data;
  if (!isProvider(provider)) {
    const known = Object.keys(embeddingProviders).join(", ");
    throw new EmbeddingError("unknown_provider", provider, `No embedding provider ${provider}; there are ${known}.`);
  }
  const { open } = await embeddingProviders[provider]();
  return open(parsed.data, options);
}

function isProvider(name: string): name is EmbeddingProvider {
  return Object.hasOwn(embeddingProviders, name);
}
