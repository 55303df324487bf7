import type pg from "pg";
import { type Database, lend, type NamedStatement } from "./database.ts";

/** The role under which a tenant's statements run: it owns no table and cannot switch row-level security off. */
export const tenantRole = "probatum_tenant";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Gives each tenant its own view of a database.
 * @param pool of clients that pipeline: a single statement goes out together with its transaction, in one journey
 */
export function confine(root: Database, pool: pg.Pool): (tenantId: string) => Database {
  const known = new Map<string, Database>();
  return (tenantId) => {
    const before = known.get(tenantId);
    if (before) return before;
    // It becomes part of a statement: nothing else than a UUID may.
    if (!uuid.test(tenantId)) throw new RangeError("a database is confined to a tenant by the tenant's UUID");
    // `local`: role and tenant end with the transaction, however it ends and whoever gets the connection next.
    const opening = `begin; set local role ${tenantRole}; set local probatum.tenant = '${tenantId}'`;
    const database: Database = {
      pool: confinedPool(pool, opening),
      get orm(): Database["orm"] {
        throw new Error("a confined database has no object mapper");
      },
      isEmbedded: root.isEmbedded,
      opening,
      root,
      confinedTo(other) {
        if (other !== tenantId) throw new Error("a database that is confined to one tenant was asked for another's");
        return database;
      },
      close: async () => undefined,
    };
    known.set(tenantId, database);
    return database;
  };
}

function confinedPool(pool: pg.Pool, opening: string): Database["pool"] {
  const query = (statement: string | pg.QueryConfig, ...values: [never]) =>
    lend(pool, async (client, discard) => {
      // Sent together: when the opening fails, its transaction refuses what follows.
      const [opened, answered, ended] = await Promise.allSettled([
        client.query(keepsPlan(statement) ? openingPlanned : opening),
        client.query(statement as string, ...values),
        client.query("commit"),
      ]);
      for (const part of [opened, answered, ended]) {
        if (part.status === "fulfilled") continue;
        if (ended.status === "rejected") discard(ended.reason);
        throw part.reason;
      }
      return (answered as PromiseFulfilledResult<unknown>).value;
    });
  const openingPlanned = `${opening}; set local plan_cache_mode = force_generic_plan`;
  return {
    query: query as unknown as pg.Pool["query"],
    // For `transaction`, which begins with the opening.
    connect: (() => pool.connect()) as pg.Pool["connect"],
  };
}

function keepsPlan(statement: string | pg.QueryConfig): boolean {
  return typeof statement !== "string" && (statement as Partial<NamedStatement>).keepsPlan === true;
}
