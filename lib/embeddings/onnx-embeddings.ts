import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Embeddings } from "@langchain/core/embeddings";
import { BulkPool } from "./bulk/pool.ts";
import { workerFile } from "./bulk/process.ts";
import type { OnnxModel } from "./onnx-model.ts";
import { EmbeddingError, type EmbeddingLogger, type EmbeddingSettings, type VectorEmbeddings } from "./types.ts";

export type OnnxEmbeddingsOptions = {
  queryPrefix?: string | undefined;
  documentPrefix?: string | undefined;
  /** As in OpenEmbeddingsOptions. */
  workers?: number | undefined;
  logger?: EmbeddingLogger | undefined;
};

// For no more texts than this processes are not started: loading a model takes as long as embedding twenty.
const handful = 4;
// A worker of the ingest keeps within 1 GiB with this many; more machines go further than more processes.
const mostWorkers = 4;

/**
 * LangChain's Embeddings over an ONNX model on this machine. Questions, and a few documents, are embedded in this
 * process; many documents by a pool of processes. The model is loaded at the first text, once for all callers; a
 * failed load is tried again by the next one. `wrong_dimensions` when the model's vectors are not of the length the
 * settings promise.
 */
export class OnnxEmbeddings extends Embeddings implements VectorEmbeddings {
  readonly #settings: EmbeddingSettings;
  readonly #load: () => Promise<OnnxModel>;
  readonly #options: OnnxEmbeddingsOptions;
  #opened: Promise<{ model: OnnxModel; pool: BulkPool | null }> | undefined;

  constructor(settings: EmbeddingSettings, load: () => Promise<OnnxModel>, options: OnnxEmbeddingsOptions = {}) {
    super({});
    this.#settings = settings;
    this.#load = load;
    this.#options = options;
  }

  async embedQuery(text: string): Promise<number[]> {
    const { model } = await this.#open();
    const [vector] = await model.embed([(this.#options.queryPrefix ?? "") + text]);
    return Array.from(vector as Float32Array);
  }

  async embedDocuments(texts: string[]): Promise<number[][]> {
    return (await this.embedVectors(texts)).map((vector) => Array.from(vector));
  }

  async embedVectors(texts: string[], { signal }: { signal?: AbortSignal } = {}): Promise<Float32Array[]> {
    const { model, pool } = await this.#open();
    signal?.throwIfAborted();
    const prefix = this.#options.documentPrefix;
    const documents = prefix ? texts.map((text) => prefix + text) : texts;
    if (pool && (documents.length > handful || pool.isRunning)) return pool.embed(documents, signal);
    return documents.length === 0 ? [] : model.embed(documents, signal);
  }

  async warm(): Promise<void> {
    await this.#open();
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (!opened) return;
    const { model, pool } = await opened;
    await pool?.close();
    await model.close();
  }

  #open() {
    this.#opened ??= this.#loadChecked().catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #loadChecked() {
    const model = await this.#load();
    const { model: name, dimensions } = this.#settings;
    if (model.dimensions === dimensions) return { model, pool: this.#poolOf(model) };
    await model.close();
    const message = `${name} gives vectors of ${model.dimensions} dimensions, the settings say ${dimensions}.`;
    throw new EmbeddingError("wrong_dimensions", name, message);
  }

  #poolOf({ options }: OnnxModel): BulkPool | null {
    const size = this.#options.workers ?? Math.min(availableParallelism(), mostWorkers);
    if (size === 0) return null;
    if (existsSync(workerFile)) return new BulkPool({ model: { ...options, threads: 1 }, size });
    // A packed server may come without it; it embeds questions.
    this.#options.logger?.warn({ workerFile }, "No file for embedding processes: documents are embedded in this one.");
    return null;
  }
}
