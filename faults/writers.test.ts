import { expect, test } from "vitest";
import { describeDatabases } from "#lib/testing/databases.ts";
import { isKept } from "./report.ts";
import { manyWriters } from "./writers.ts";

describeDatabases("many writers", (open) => {
  test("20 writers of one conversation get ids that are unique, gapless and in order", async () => {
    const { database } = await open();
    const report = await manyWriters(database, { writers: 20, messages: 25, conversations: 1 });
    expect(report.counts).toMatchObject({ acknowledged: 500, stored: 500, lost: 0, doubled: 0, gaps: 0 });
    expect(report.promises).toEqual(Object.fromEntries(Object.keys(report.promises).map((key) => [key, true])));
  });

  test("writers of several conversations do not mix them up", async () => {
    const { database } = await open();
    const report = await manyWriters(database, { writers: 12, messages: 10, conversations: 4 });
    expect(isKept(report)).toBe(true);
  });

  test("what is lost, doubled or missing is counted", async () => {
    const { database } = await open();
    const query = database.pool.query.bind(database.pool);
    // Whoever reads what is stored finds one message less, and one twice.
    const lossy = new Proxy(database.pool, {
      get: (pool, property) => {
        if (property !== "query") {
          const value = Reflect.get(pool, property, pool);
          return typeof value === "function" ? value.bind(pool) : value;
        }
        return async (...input: [string | { text: string }, unknown[]]) => {
          const result = await query(...(input as [string, unknown[]]));
          if (typeof input[0] !== "string" || !input[0].startsWith("select id, sequence_id")) return result;
          return { ...result, rows: [result.rows[0], result.rows[0], ...result.rows.slice(2)] };
        };
      },
    });
    const report = await manyWriters({ ...database, pool: lossy }, { writers: 2, messages: 5, conversations: 1 });
    expect(report.counts).toMatchObject({ acknowledged: 10, lost: 1, doubled: 1, gaps: 1 });
    expect(isKept(report)).toBe(false);
  });
});
