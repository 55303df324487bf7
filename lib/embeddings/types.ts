import type { Embeddings } from "@langchain/core/embeddings";
import { z } from "zod";

export { EmbeddingError, type EmbeddingErrorCode } from "./errors.ts";

/** What a collection stores about its embedding space: two collections may be compared only if all of it is equal. */
export const embeddingSettings = z.object({
  provider: z.string().min(1),
  model: z.string().min(1),
  dimensions: z.number().int().positive().max(16_000),
  /** Read by the provider alone; each one's file names what it takes and refuses the rest. */
  options: z.record(z.string(), z.unknown()).optional(),
});
export type EmbeddingSettings = z.infer<typeof embeddingSettings>;

/** The one method of a logger that embeddings need; pino's loggers have it. */
export type EmbeddingLogger = { warn(details: object, message: string): void };

export type OpenEmbeddingsOptions = {
  apiKey?: string;
  /** For example `http://127.0.0.1:11434/v1`; without it, OpenAI's own address. */
  baseUrl?: string;
  /** Folder of model folders; the local model is built below it, users put their own ONNX models there. */
  modelsDirectory: string;
  /** Threads of one ONNX run; the number of cores if not given. */
  threads?: number;
  /**
   * Processes that embed many documents beside this one, about 200 MB each with the local model; a core each, at most
   * four, if not given. With 0 all is embedded in this process, one run after another.
   */
  workers?: number;
  logger?: EmbeddingLogger;
};

/** LangChain's Embeddings, and for bulk work the vectors as they come, without a copy into plain arrays. */
export interface VectorEmbeddings extends Embeddings {
  /**
   * Vectors in the order of the texts. May be called many times at once. Rejects with the signal's reason when it is
   * aborted, at once; what is already being computed is thrown away.
   */
  embedVectors(texts: string[], options?: { signal?: AbortSignal }): Promise<Float32Array[]>;
  /** Loads the model now, so that the first question does not wait for it. */
  warm(): Promise<void>;
  /** Gives the model's memory back; a later text loads it again. Bulk calls under way are rejected with `closed`. */
  close(): Promise<void>;
}

export type OpenEmbeddings = (settings: EmbeddingSettings, options: OpenEmbeddingsOptions) => Promise<VectorEmbeddings>;
