import { Embeddings } from "@langchain/core/embeddings";
import type { OnnxModel } from "./onnx-model.ts";
import { EmbeddingError, type EmbeddingSettings, type VectorEmbeddings } from "./types.ts";

type Prefixes = { query?: string; document?: string };

/**
 * LangChain's Embeddings over an ONNX model on this machine. The model is loaded at the first text, once for all
 * callers; a failed load is tried again by the next one. `wrong_dimensions` when the model's vectors are not of
 * the length the settings promise.
 */
export class OnnxEmbeddings extends Embeddings implements VectorEmbeddings {
  readonly #settings: EmbeddingSettings;
  readonly #load: () => Promise<OnnxModel>;
  readonly #prefixes: Prefixes;
  #model: Promise<OnnxModel> | undefined;

  constructor(settings: EmbeddingSettings, load: () => Promise<OnnxModel>, prefixes: Prefixes = {}) {
    super({});
    this.#settings = settings;
    this.#load = load;
    this.#prefixes = prefixes;
  }

  async embedQuery(text: string): Promise<number[]> {
    const [vector] = await this.#embed([(this.#prefixes.query ?? "") + text]);
    return Array.from(vector as Float32Array);
  }

  async embedDocuments(texts: string[]): Promise<number[][]> {
    return (await this.embedVectors(texts)).map((vector) => Array.from(vector));
  }

  /** Vectors of documents as they come from the model, in the order of the texts. */
  embedVectors(texts: string[]): Promise<Float32Array[]> {
    const prefix = this.#prefixes.document;
    return this.#embed(prefix ? texts.map((text) => prefix + text) : texts);
  }

  async warm(): Promise<void> {
    await this.#open();
  }

  async close(): Promise<void> {
    const model = this.#model;
    this.#model = undefined;
    await (await model)?.close();
  }

  async #embed(texts: string[]): Promise<Float32Array[]> {
    const model = await this.#open();
    return texts.length === 0 ? [] : model.embed(texts);
  }

  #open(): Promise<OnnxModel> {
    this.#model ??= this.#loadChecked().catch((error) => {
      this.#model = undefined;
      throw error;
    });
    return this.#model;
  }

  async #loadChecked(): Promise<OnnxModel> {
    const model = await this.#load();
    const { model: name, dimensions } = this.#settings;
    if (model.dimensions === dimensions) return model;
    await model.close();
    const message = `${name} gives vectors of ${model.dimensions} dimensions, the settings say ${dimensions}.`;
    throw new EmbeddingError("wrong_dimensions", name, message);
  }
}
