import type { CallbackManagerForRetrieverRun } from "@langchain/core/callbacks/manager";
import { Document, type DocumentInterface } from "@langchain/core/documents";
import type { Embeddings } from "@langchain/core/embeddings";
import { BaseRetriever } from "@langchain/core/retrievers";
import { type CollectionRow, type Database, type Retrieval, type RetrievalRequest, retrieve } from "#db/index.ts";
import type { QuestionFilters } from "../domain.ts";

export interface HybridRetrieverInput {
  database: Database;
  collections: CollectionRow[];
  /** The embeddings of a collection's own space. */
  embeddingsOf: (collection: CollectionRow) => Promise<Embeddings>;
  /** Chunks to return. */
  limit: number;
  configs?: string[];
  arms?: RetrievalRequest["arms"];
  filters?: QuestionFilters;
}

/**
 * Retrieval over several collections at once: BM25 and vectors, fused in one SQL statement (`#db/queries/retrieval`).
 * A LangChain retriever; `search` gives the same result with its scores and terms.
 */
export class HybridRetriever extends BaseRetriever<ReturnType<typeof metadataOf>> {
  lc_namespace = ["probatum", "retrievers"];
  readonly #input: HybridRetrieverInput;

  constructor(input: HybridRetrieverInput) {
    super();
    this.#input = input;
  }

  /** Best chunks first, with both scores of each, and the question's terms with their weights. */
  async search(question: string, timings: Record<string, number> = {}): Promise<Retrieval> {
    const { database, limit, arms, filters, configs = ["english"] } = this.#input;
    const collections = this.#input.collections.filter((collection) => collection.chunkCount > 0);
    const embedStart = performance.now();
    const vectors = await this.#vectors(question, collections);
    const sqlStart = performance.now();
    timings.embed = sqlStart - embedStart;
    const result = await retrieve(database, {
      question,
      limit,
      configs,
      ...(arms && { arms }),
      ...(filters && { filters }),
      collections: collections.map((collection) => ({ collection, vector: vectors.get(spaceOf(collection)) ?? [] })),
    });
    timings.sql = performance.now() - sqlStart;
    return result;
  }

  override async _getRelevantDocuments(
    question: string,
    _run?: CallbackManagerForRetrieverRun,
  ): Promise<DocumentInterface<ReturnType<typeof metadataOf>>[]> {
    const { chunks } = await this.search(question);
    return chunks.map(
      (chunk) => new Document({ id: chunk.chunkId, pageContent: chunk.text, metadata: metadataOf(chunk) }),
    );
  }

  // Collections that share an embedding space share the question's vector.
  async #vectors(question: string, collections: CollectionRow[]): Promise<Map<string, number[]>> {
    const spaces = new Map(collections.map((collection) => [spaceOf(collection), collection]));
    const entries = await Promise.all(
      [...spaces].map(async ([space, collection]) => {
        const embeddings = await this.#input.embeddingsOf(collection);
        return [space, await embeddings.embedQuery(question)] as const;
      }),
    );
    return new Map(entries);
  }
}

function spaceOf(collection: CollectionRow): string {
  return `${collection.embeddingProvider}/${collection.embeddingModel}/${collection.embeddingDimensions}`;
}

function metadataOf(chunk: Retrieval["chunks"][number]) {
  const { text: _text, ...metadata } = chunk;
  return metadata;
}
