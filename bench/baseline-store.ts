import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { Document } from "@langchain/core/documents";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import pg from "pg";

/** LangChain's PGVectorStore over a table of its own, removed by `close`. */
export interface BaselineStore {
  /** Vectors without text or metadata, so that both sides write the same. */
  addVectors(vectors: number[][]): Promise<void>;
  /** The same index as ours: m 16, ef_construction 100, cosine. */
  createIndex(): Promise<void>;
  close(): Promise<void>;
}

export async function openBaselineStore(url: string, table: string, dimensions: number): Promise<BaselineStore> {
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => undefined); // the database is removed right after
  const store = await PGVectorStore.initialize(new FakeEmbeddings(), {
    pool,
    tableName: table,
    distanceStrategy: "cosine",
  });
  return {
    addVectors: async (vectors) => {
      await store.addVectors(
        vectors,
        vectors.map(() => new Document({ pageContent: "", metadata: {} })),
      );
    },
    createIndex: () => store.createHnswIndex({ dimensions, m: 16, efConstruction: 100, namespace: table }),
    close: async () => {
      store.client?.release();
      await pool.query(`drop table if exists ${table}`);
      await pool.end();
    },
  };
}
