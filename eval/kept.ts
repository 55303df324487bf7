import { mkdir } from "node:fs/promises";
import { basename } from "node:path";
import pg from "pg";
import { migrateDatabase } from "#db/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import type { Env } from "#lib/env.ts";
import { alone } from "#lib/temporary-deps.ts";

/**
 * The application's parts over a place that stays, so that the next run need not embed a corpus again: an embedded
 * database in the folder; or, on the server that DATABASE_URL names, a database that is called after the folder.
 */
export async function openKeptDeps(env: Env, folder: string): Promise<Deps> {
  await mkdir(folder, { recursive: true });
  const url = env.DATABASE_URL && (await namedDatabase(env.DATABASE_URL, keptName(folder)));
  return openDeps(alone(env, { DATABASE_URL: url, dataDirectory: folder }), migrateDatabase);
}

/** The database's name on a server. @throws Error when the folder's name cannot make one */
export function keptName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (name === "") throw new Error(`${folder} gives no name for a database; choose one with letters or digits.`);
  return `probatum_${name}`.slice(0, 63);
}

async function namedDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
