import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "#db/index.ts";
import { type Deps, openDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { openTemporaryPostgres } from "./storage/temporary.ts";

/**
 * The application's own parts over an empty, migrated database and an object folder of their own; no Redis and no chat
 * model, whatever the environment names. `close` removes all of it. For evaluations, benches and tests.
 */
export async function openTemporaryDeps(env: Env): Promise<Deps> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const directory = await mkdtemp(join(tmpdir(), "probatum-temporary-"));
    closers.push(() => rm(directory, { recursive: true, force: true }));
    const postgres = await openTemporaryPostgres(env.DATABASE_URL);
    closers.push(postgres.close);
    const deps = await openDeps(alone(env, { DATABASE_URL: postgres.url, dataDirectory: directory }), migrateDatabase);
    closers.push(deps.close);
    return { ...deps, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An environment that reaches nothing but the given database and folder. */
export function alone(env: Env, place: Pick<Env, "DATABASE_URL" | "dataDirectory">): Env {
  return {
    ...env,
    ...place,
    REDIS_URL: undefined,
    OBJECT_STORE: undefined,
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    RERANKER: env.RERANKER === "model" ? "none" : env.RERANKER,
    LOG_LEVEL: env.LOG_LEVEL === "info" ? "warn" : env.LOG_LEVEL,
  };
}
