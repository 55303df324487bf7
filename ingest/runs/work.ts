import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { countCheckpoints, type RetryPolicy, requeueRun, restartAttempts } from "#db/index.ts";
import { defaultRetryPolicy, makeScheduledRuns, offerDueRuns, openRunQueue, type RunQueue } from "#lib/jobs/index.ts";
import { executeRun } from "./run.ts";
import type { RunDeps, RunOptions } from "./types.ts";

export interface WorkerOptions extends Omit<RunOptions, "worker" | "signal"> {
  /** Ends the worker; what it is at goes back to the queue. */
  signal: AbortSignal;
  /** Runs at once. */
  concurrency?: number;
  /** Milliseconds between two looks for work. */
  pollMs?: number;
  /** Milliseconds between two looks at the schedules. */
  schedulePollMs?: number;
  retries?: RetryPolicy;
}

/** Milliseconds to wait after a look that failed: the database is away, and will be for a while. */
const failurePause = 5_000;

/**
 * Carries out runs until the signal. Every worker also looks for what is due (new runs, cut-off ones, those of a worker
 * that fell silent, schedules) and offers it to all; which of them takes a run up the run's row decides.
 * @throws only what kept the queue from being opened
 */
export async function work(deps: RunDeps, options: WorkerOptions): Promise<void> {
  const { signal, concurrency = 1, pollMs = 2_000 } = options;
  const name = `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
  const queue = await openRunQueue(deps);
  deps.log.info({ worker: name, concurrency }, "the worker is ready");
  const atWork = new Set<Promise<void>>();
  let schedulesSeen = 0;
  try {
    while (!signal.aborted) {
      let pause = pollMs;
      try {
        if (Date.now() - schedulesSeen >= (options.schedulePollMs ?? 10_000)) {
          for (const run of await makeScheduledRuns(deps)) deps.log.info({ run }, "a schedule asks for a run");
          schedulesSeen = Date.now();
        }
        await offerDueRuns({ database: deps.database, queue }, options.retries ?? defaultRetryPolicy);
        while (atWork.size < concurrency && !signal.aborted) {
          const runId = await takeOne(queue);
          if (runId === null) break;
          const settled: Promise<void> = carryOut(deps, runId, name, options).finally(() => atWork.delete(settled));
          atWork.add(settled);
        }
      } catch (error) {
        deps.log.warn({ err: error, worker: name }, "the worker could not look for work; it will again");
        pause = Math.max(pollMs, failurePause);
      }
      const woken = atWork.size < concurrency ? [] : atWork;
      await Promise.race([wait(pause, undefined, { signal }).catch(() => undefined), ...woken]);
    }
  } finally {
    await Promise.all(atWork);
    await queue.close();
    deps.log.info({ worker: name }, "the worker has ended");
  }
}

/** Takes a run off the queue; from here on its own heartbeat speaks for it. */
async function takeOne(queue: RunQueue): Promise<string | null> {
  const handed = await queue.take();
  await handed?.done();
  return handed?.runId ?? null;
}

async function carryOut(deps: RunDeps, runId: string, worker: string, options: WorkerOptions): Promise<void> {
  const { signal } = options;
  try {
    const before = await countCheckpoints(deps.database, runId);
    deps.log.info({ run: runId, worker }, "a run begins");
    const run = await executeRun(deps, runId, { ...options, worker });
    if (!run) {
      deps.log.info({ run: runId, worker }, "the run was not to be had: ended, paused, or its collection is at work");
      return;
    }
    const { status, collection, read, added, updated, failed, error } = run;
    deps.log.info({ run: runId, worker, collection, status, read, added, updated, failed, error }, "a run's end");
    if (status !== "interrupted") return;
    if (signal.aborted) await requeueRun(deps.database, runId);
    else if ((await countCheckpoints(deps.database, runId)) > before) await restartAttempts(deps.database, runId);
  } catch (error) {
    // The run's row says how far it is: its silence has another worker go on with it.
    deps.log.error({ err: error, run: runId, worker }, "a run was let go");
  }
}
