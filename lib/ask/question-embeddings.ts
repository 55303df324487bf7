import { Embeddings } from "@langchain/core/embeddings";
import type { Deps, EmbeddingSpace } from "../deps.ts";
import type { VectorEmbeddings } from "../embeddings/index.ts";
import type { SearchedCollection } from "./passage.ts";

/** The same embeddings for the way of one question: a text that one stage has embedded is not embedded again by the next. */
export function embeddedOnce(embeddingsOf: Deps["embeddingsOf"]): Deps["embeddingsOf"] {
  const made = new Map<VectorEmbeddings, VectorEmbeddings>();
  return async (collection: EmbeddingSpace) => {
    const embeddings = await embeddingsOf(collection);
    const remembering = made.get(embeddings) ?? new RememberingEmbeddings(embeddings);
    made.set(embeddings, remembering);
    return remembering;
  };
}

/** Embeds a text whose vector is asked for later. An error is thrown to whoever asks for it then. */
export async function embedAhead(
  { embeddingsOf }: Pick<Deps, "embeddingsOf">,
  text: string,
  collections: SearchedCollection[],
): Promise<void> {
  const collection = collections.find(({ chunkCount }) => chunkCount > 0);
  if (!collection) return;
  try {
    await (await embeddingsOf(collection)).embedQuery(text);
  } catch {
    // the same text is asked for again, and fails where its failure is told
  }
}

class RememberingEmbeddings extends Embeddings implements VectorEmbeddings {
  readonly #embeddings: VectorEmbeddings;
  readonly #vectors = new Map<string, Promise<number[]>>();

  constructor(embeddings: VectorEmbeddings) {
    super({});
    this.#embeddings = embeddings;
  }

  embedQuery(text: string): Promise<number[]> {
    const vector = this.#vectors.get(text) ?? this.#embeddings.embedQuery(text);
    this.#vectors.set(text, vector);
    return vector;
  }

  embedDocuments(texts: string[]): Promise<number[][]> {
    return this.#embeddings.embedDocuments(texts);
  }

  embedVectors(texts: string[], options?: { signal?: AbortSignal }): Promise<Float32Array[]> {
    return this.#embeddings.embedVectors(texts, options);
  }

  warm(): Promise<void> {
    return this.#embeddings.warm();
  }

  close(): Promise<void> {
    return this.#embeddings.close();
  }
}
