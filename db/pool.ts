import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import * as schema from "./schema/index.ts";

/** Rows an HNSW scan keeps in view. A search for more of them goes on scanning instead of ending short. */
const defaultEfSearch = 120;

export interface Database {
  pool: pg.Pool;
  orm: NodePgDatabase<typeof schema>;
  /** True on PGlite, whose clients share one session and whose HNSW builds want `vector`, not `halfvec`. */
  isEmbedded: boolean;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  max?: number;
  /** Milliseconds to wait for a connection before failing. */
  connectTimeout?: number;
  onError?: (error: Error) => void;
}

/**
 * Opens the one pool a process has and asks the server who it is.
 * @throws the driver's error when the server cannot be reached within `connectTimeout`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeout ?? 10_000,
    application_name: "probatum",
    onConnect: async (client: pg.ClientBase) => {
      // Compiling a plan takes longer than any of our statements: estimates over many partitions would call for it.
      await client.query(
        `set hnsw.ef_search = ${defaultEfSearch}; set hnsw.iterative_scan = relaxed_order; set jit = off`,
      );
    },
  } as pg.PoolConfig);
  // Connections that are cut while the pool closes were not needed any more.
  pool.on("error", (error) => {
    if (!pool.ending) options.onError?.(error);
  });
  try {
    const { rows } = await pool.query<{ version: string }>("select version()");
    const isEmbedded = /wasm|emscripten/i.test(rows[0]?.version ?? "");
    return { pool, orm: drizzle(pool, { schema }), isEmbedded, close: () => pool.end() };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/**
 * Lends `work` one client of the pool. It is not given back to others when its connection is lost or `work` says it is
 * broken. Without a listener, a connection lost between two statements would end the process.
 */
export async function withClient<T>(
  database: Database,
  work: (client: pg.PoolClient, discard: (error: Error) => void) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  const discard = (error: Error) => {
    broken = error;
  };
  client.on("error", discard);
  try {
    return await work(client, discard);
  } finally {
    client.off("error", discard);
    client.release(broken);
  }
}

/**
 * Runs `work` in one transaction on one client: commits when it returns, rolls back when it throws.
 * `work` must not use the pool: on the embedded database that waits for itself.
 */
export async function transaction<T>(database: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return withClient(database, async (client, discard) => {
    try {
      await client.query("begin");
      const result = await work(client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(discard);
      throw error;
    }
  });
}
