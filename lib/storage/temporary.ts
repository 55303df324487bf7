import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openEmbeddedPostgres } from "./embedded/index.ts";

export interface TemporaryPostgres {
  url: string;
  /** Removes the database with everything in it. */
  close(): Promise<void>;
}

/**
 * An empty database of its own, for evaluations, benches and tests: a new one on a given server (whose role may create
 * databases), or an embedded one in a temporary folder.
 */
export async function openTemporaryPostgres(serverUrl?: string): Promise<TemporaryPostgres> {
  return serverUrl ? onServer(serverUrl) : embedded();
}

async function embedded(): Promise<TemporaryPostgres> {
  const directory = await mkdtemp(join(tmpdir(), "probatum-db-"));
  const postgres = await openEmbeddedPostgres(directory);
  return {
    url: postgres.url,
    close: async () => {
      await postgres.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function onServer(serverUrl: string): Promise<TemporaryPostgres> {
  const name = `probatum_${randomBytes(6).toString("hex")}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, close: () => administer(serverUrl, `drop database if exists ${name} with (force)`) };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
