import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { confine } from "./confine.ts";
import { type Database, lend } from "./database.ts";
import * as schema from "./schema/index.ts";

export type { Database } from "./database.ts";

/** Rows an HNSW scan keeps in view. A search for more of them goes on scanning instead of ending short. */
const defaultEfSearch = 120;

export interface DatabaseOptions {
  url: string;
  /** Connections at most, of either kind: unconfined and confined. */
  max?: number;
  /** Milliseconds to wait for a connection before failing. */
  connectTimeout?: number;
  onError?: (error: Error) => void;
}

/**
 * Opens the process's pools and asks the server who it is.
 * @throws the driver's error when the server cannot be reached within `connectTimeout`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const pool = openPool(options);
  // Its own pool, whose clients send a transaction's statements without waiting for each answer.
  const confinedPool = openPool(options, { pipeline: true });
  let closing: Promise<unknown> | undefined;
  const close = async () => {
    closing ??= Promise.all([pool.end(), confinedPool.end()]);
    await closing;
  };
  try {
    const { rows } = await pool.query<{ version: string }>("select version()");
    const database: Database = {
      pool,
      orm: drizzle(pool, { schema }),
      isEmbedded: /wasm|emscripten/i.test(rows[0]?.version ?? ""),
      opening: "begin",
      get root() {
        return database;
      },
      confinedTo: (tenantId) => confined(tenantId),
      close,
    };
    const confined = confine(database, confinedPool);
    return database;
  } catch (error) {
    await close();
    throw error;
  }
}

function openPool(options: DatabaseOptions, client: { pipeline?: boolean } = {}): pg.Pool {
  const pool = new pg.Pool({
    ...client,
    connectionString: options.url,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeout ?? 10_000,
    application_name: "probatum",
    onConnect: async (connected: pg.ClientBase) => {
      // Compiling a plan takes longer than any of our statements: estimates over many partitions would call for it.
      await connected.query(
        `set hnsw.ef_search = ${defaultEfSearch}; set hnsw.iterative_scan = relaxed_order; set jit = off;
         set plan_cache_mode = force_custom_plan`,
      );
    },
  } as pg.PoolConfig);
  // Connections that are cut while the pool closes were not needed any more.
  pool.on("error", (error) => {
    if (!pool.ending) options.onError?.(error);
  });
  return pool;
}

/**
 * Lends `work` one client, as `lend` does.
 * @throws Error for a confined database: outside of a transaction nothing confines a client
 */
export async function withClient<T>(
  database: Database,
  work: (client: pg.PoolClient, discard: (error: Error) => void) => Promise<T>,
): Promise<T> {
  if (database.root !== database) throw new Error("a confined database lends its clients to transactions only");
  return lend(database.pool, work);
}

/**
 * Runs `work` in one transaction on one client: commits when it returns, rolls back when it throws.
 * `work` must not use the pool: on the embedded database that waits for itself.
 */
export async function transaction<T>(database: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return lend(database.pool, async (client, discard) => {
    try {
      await client.query(database.opening);
      const result = await work(client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(discard);
      throw error;
    }
  });
}
