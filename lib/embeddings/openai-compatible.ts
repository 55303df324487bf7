import { OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";
import { parseSettings } from "./parse-settings.ts";
import { EmbeddingError, type EmbeddingSettings, type OpenEmbeddingsOptions, type VectorEmbeddings } from "./types.ts";

const openaiOptions = z.strictObject({
  /** Texts in one request. */
  batchSize: z.number().int().min(1).max(2048).default(128),
  /** Asks the server for vectors of `dimensions`; for models that can shorten theirs. */
  requestDimensions: z.boolean().default(false),
  timeoutMilliseconds: z.number().int().positive().default(60_000),
  maximumRetries: z.number().int().min(0).default(2),
});

const openaiSettings = z.object({
  model: z.string().min(1),
  dimensions: z.number().int().positive(),
  options: openaiOptions.prefault({}),
});

/** Opens any server that speaks OpenAI's POST /embeddings (https://platform.openai.com/docs/api-reference/embeddings). */
export async function open(settings: EmbeddingSettings, options: OpenEmbeddingsOptions): Promise<VectorEmbeddings> {
  const { model, dimensions, options: own } = parseSettings("openai-compatible", openaiSettings, settings);
  return new OpenAICompatibleEmbeddings(dimensions, {
    model,
    dimensions: own.requestDimensions ? dimensions : undefined,
    batchSize: own.batchSize,
    timeout: own.timeoutMilliseconds,
    maxRetries: own.maximumRetries,
    // Without a key of its own a server must not be sent one that happens to stand in the environment.
    apiKey: options.apiKey ?? "none",
    configuration: { baseURL: options.baseUrl ?? "https://api.openai.com/v1", organization: null, project: null },
  });
}

/** OpenAIEmbeddings that refuses vectors of another length than the collection was made for. */
class OpenAICompatibleEmbeddings extends OpenAIEmbeddings implements VectorEmbeddings {
  readonly #expected: number;

  constructor(expected: number, fields: ConstructorParameters<typeof OpenAIEmbeddings>[0]) {
    super(fields);
    this.#expected = expected;
  }

  override async embedQuery(text: string): Promise<number[]> {
    const vector = await this.#named(super.embedQuery(text));
    this.#check([vector]);
    return vector;
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    const vectors = await this.#named(super.embedDocuments(texts));
    this.#check(vectors);
    return vectors;
  }

  async embedVectors(texts: string[]): Promise<Float32Array[]> {
    return (await this.embedDocuments(texts)).map((vector) => Float32Array.from(vector));
  }

  /** Nothing to load here: the first request opens the connection. */
  async warm(): Promise<void> {}

  /** Nothing to give back: idle connections close by themselves. */
  async close(): Promise<void> {}

  async #named<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (cause) {
      const message = `The embedding server failed for ${this.model} (${this.clientConfig.baseURL}).`;
      throw new EmbeddingError("embedding_failed", this.model, message, { cause });
    }
  }

  #check(vectors: number[][]): void {
    const odd = vectors.find((vector) => vector.length !== this.#expected);
    if (!odd) return;
    const message =
      `${this.model} returned vectors of ${odd.length} dimensions, the settings say ${this.#expected}. ` +
      "Correct the dimensions, or set the option requestDimensions if the model can shorten its vectors.";
    throw new EmbeddingError("wrong_dimensions", this.model, message);
  }
}
