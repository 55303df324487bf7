import pg from "pg";
import { type Database, migrateDatabase, openDatabase } from "#db/index.ts";

const name = "probatum_bench_growth";

/**
 * The growth benches' own database on the given server. It is kept: a million chunks take half an hour to build.
 * Remove it by `drop database probatum_bench_growth`.
 */
export async function openGrowthDatabase(serverUrl: string | undefined): Promise<Database> {
  if (!serverUrl) throw new Error("This bench measures a native Postgres: set DATABASE_URL to a server's.");
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrateDatabase(url.href);
  return openDatabase({ url: url.href });
}
