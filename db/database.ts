import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type pg from "pg";
import type * as schema from "./schema/index.ts";

/**
 * A statement under a name: a connection parses it once, which for our longest takes as long as a fifth of its run. It is
 * planned anew for its values each time, unless one plan does for all of them.
 */
export interface NamedStatement extends pg.QueryConfig {
  name: string;
  /** In a confined database. What opens a page spends more time on planning over 24 months than on reading. */
  keepsPlan?: true;
}

export interface Database {
  pool: Pick<pg.Pool, "query" | "connect">;
  orm: NodePgDatabase<typeof schema>;
  /** True on PGlite, whose clients share one session and whose HNSW builds want `vector`, not `halfvec`. */
  isEmbedded: boolean;
  /** What begins each transaction; in a confined database it also says for whom. */
  opening: string;
  /** The unconfined database: itself, or what this one was confined from. */
  root: Database;
  /**
   * The same database as one tenant may see it: every statement runs in a transaction under the role
   * `probatum_tenant`, which owns nothing, with row-level security that shows this tenant's rows alone. One object for
   * each tenant. What it runs is no longer than its transaction: no connection carries a tenant further.
   * @throws RangeError for what is no UUID
   */
  confinedTo(tenantId: string): Database;
  close(): Promise<void>;
}

/**
 * Lends `work` one client of the pool. It is not given back to others when its connection is lost or `work` says it is
 * broken. Without a listener, a connection lost between two statements would end the process.
 */
export async function lend<T>(
  pool: Pick<pg.Pool, "connect">,
  work: (client: pg.PoolClient, discard: (error: Error) => void) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
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
