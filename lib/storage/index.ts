import { join } from "node:path";
import { type Database, openDatabase } from "#db/index.ts";
import type { Env } from "../env.ts";
import type { BackendHealth, StorageLogger } from "./backend.ts";
import { probe } from "./backend.ts";
import { type Cache, openCache } from "./cache.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "./embedded/index.ts";
import { type EventLog, openEventLog } from "./events/index.ts";
import { type ObjectStore, openObjectStore } from "./objects/index.ts";
import { openRedis, type RedisConnection } from "./redis.ts";

/** Everything that keeps something, behind one door. */
export interface Storage {
  database: Database;
  databaseUrl: string;
  cache: Cache;
  events: EventLog;
  objects: ObjectStore;
  redis: RedisConnection | undefined;
  health(): Promise<BackendHealth[]>;
  /** Closes in the reverse order of opening. */
  close(): Promise<void>;
}

const prefix = "probatum";

/**
 * Opens what the environment names: Postgres (embedded without `DATABASE_URL`), Redis (memory without `REDIS_URL`) and
 * the object store (a folder of the data directory without `OBJECT_STORE`).
 * @param prepare runs on the database's address before the pool opens; migrations go there
 */
export async function openStorage(
  env: Env,
  logger: StorageLogger,
  prepare: (url: string) => Promise<unknown> = async () => undefined,
): Promise<Storage> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const embedded: EmbeddedPostgres | null = env.DATABASE_URL
      ? null
      : await openEmbeddedPostgres(join(env.dataDirectory, "postgres"));
    if (embedded) closers.push(embedded.close);
    const databaseUrl = env.DATABASE_URL ?? (embedded as EmbeddedPostgres).url;
    await prepare(databaseUrl);
    const database = await openDatabase({
      url: databaseUrl,
      max: env.DATABASE_POOL,
      onError: (error) => logger.warn({ err: error }, "an idle database connection failed"),
    });
    closers.push(database.close);
    const objects = await openObjectStore(env.OBJECT_STORE ?? join(env.dataDirectory, "objects"), {
      s3: {
        endpoint: env.S3_ENDPOINT,
        region: env.S3_REGION,
        accessKeyId: env.S3_ACCESS_KEY_ID,
        secretAccessKey: env.S3_SECRET_ACCESS_KEY,
      },
    });
    closers.push(() => objects.close());
    await objects.ensureBucket();
    const redis = env.REDIS_URL ? await openRedis(env.REDIS_URL, { logger }) : undefined;
    if (redis) closers.push(() => redis.close());
    const events = openEventLog({ redis, prefix, logger });
    closers.push(() => events.close());
    const cache = await openCache({ redis, prefix, logger });
    closers.push(() => cache.close());
    return {
      database,
      databaseUrl,
      cache,
      events,
      objects,
      redis,
      close,
      health: async () => {
        const reports = await Promise.all([
          probe("postgres", () => database.pool.query("select 1")),
          objects.health(),
          events.health(),
          cache.health(),
          ...(redis ? [redis.health()] : []),
        ]);
        // Rooms name their backend for the log, with place and host; anybody may read health.
        const names = ["postgres", "objects", "events", "cache", "redis"];
        return reports.map((report, at) => ({ ...report, backend: names[at] ?? report.backend }));
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
