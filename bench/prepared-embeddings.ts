import { Embeddings } from "@langchain/core/embeddings";
import type { VectorEmbeddings } from "#lib/embeddings/index.ts";

/** Hands out vectors made beforehand, in turn: what is left to measure is everything but the embedding. */
export class PreparedEmbeddings extends Embeddings implements VectorEmbeddings {
  readonly #vectors: Float32Array[];
  readonly #arrays: number[][];
  #next = 0;

  constructor(vectors: Float32Array[]) {
    super({});
    this.#vectors = vectors;
    this.#arrays = vectors.map((vector) => [...vector]);
  }

  async embedVectors(texts: string[]): Promise<Float32Array[]> {
    return texts.map(() => this.#vectors[this.#next++ % this.#vectors.length] as Float32Array);
  }

  async embedDocuments(texts: string[]): Promise<number[][]> {
    return texts.map(() => this.#arrays[this.#next++ % this.#arrays.length] as number[]);
  }

  async embedQuery(): Promise<number[]> {
    return this.#arrays[this.#next++ % this.#arrays.length] as number[];
  }

  async warm(): Promise<void> {}

  async close(): Promise<void> {}
}
