import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
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
  return { url: url.href, close: () => drop(serverUrl, name) };
}

/** A server's own worker (autovacuum) may be in the database, which only a superuser may end: it is soon gone. */
async function drop(serverUrl: string, name: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await administer(serverUrl, `drop database if exists ${name} with (force)`);
    } catch (error) {
      const isInUse = error instanceof pg.DatabaseError && (error.code === "42501" || error.code === "55006");
      if (!isInUse || Date.now() > deadline) throw error;
      await setTimeout(250);
    }
  }
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
