import { PgBoss } from "pg-boss";
import { type Database, withClient } from "#db/index.ts";
import type { StorageLogger } from "../storage/backend.ts";

const runs = "ingest-runs";
const schemaName = "pgboss";

/** A run handed to this process. `done` takes it off the queue: from then on the run's own heartbeat speaks for it. */
export interface HandedRun {
  runId: string;
  done(): Promise<void>;
}

export interface RunQueue {
  /** Offers a run to all workers. @returns false when it is offered already */
  offer(runId: string): Promise<boolean>;
  /** The next offered run, given to nobody else; null when there is none. */
  take(): Promise<HandedRun | null>;
  /** Offers not yet taken. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}

/**
 * The queue of runs, in Postgres by pg-boss, in tables of its own. It only hands a run's id to one of the workers: what
 * is to be done and how far it is stands in the run's row, so an offer may be lost or doubled without harm.
 */
export async function openRunQueue(
  { database, log }: { database: Database; log: StorageLogger },
  options: { supervise?: boolean; name?: string } = {},
): Promise<RunQueue> {
  const name = options.name ?? runs;
  const boss = new PgBoss({
    db: { executeSql: (text, values) => execute(database, text, values) },
    schema: schemaName,
    backend: database.isEmbedded ? "pglite" : "postgres",
    supervise: options.supervise ?? true,
    schedule: false,
    useListenNotify: false,
    monitorVacuum: !database.isEmbedded,
    reindex: !database.isEmbedded,
  });
  boss.on("error", (error) => log.warn({ err: error }, "the queue of runs could not be kept"));
  await boss.start();
  try {
    // `short`: a run is offered once at a time. An offer whose taker died at once is given again after a minute.
    await boss.createQueue(name, {
      policy: "short",
      retryLimit: 0,
      expireInSeconds: 60,
      deleteAfterSeconds: 3600,
    });
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
  return {
    offer: async (runId) => (await boss.send(name, { runId }, { singletonKey: runId })) !== null,
    take: async () => {
      const [job] = await boss.fetch<{ runId: string }>(name);
      if (!job) return null;
      return {
        runId: job.data.runId,
        done: async () => {
          await boss.complete(name, job.id);
        },
      };
    },
    waiting: async () => (await boss.findJobs(name, { queued: true })).length,
    close: () => boss.stop({ graceful: false }),
  };
}

// Installing and maintaining come as whole transactions in one text: one that fails must not stay open on a connection
// that others will use.
async function execute(database: Database, text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  return withClient(database, async (client, discard) => {
    try {
      return await client.query(text, values);
    } catch (error) {
      if (/^\s*begin\b/i.test(text)) await client.query("rollback").catch(discard);
      throw error;
    }
  });
}
