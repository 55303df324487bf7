import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import {
  deleteOldArchiveJobs,
  markArchiveJobRemoved,
  selectDueArchiveJobs,
  selectExpiredArchiveJobs,
} from "#db/index.ts";
import { openRunQueue } from "../../jobs/index.ts";
import { carryOutJob } from "./carry-out.ts";
import { jobPrefix } from "./keys.ts";
import type { JobDeps } from "./types.ts";

const queueName = "archive-jobs";
const failurePause = 5_000;
const removalInterval = 600_000;
/** Days for which it stays known what jobs there were, and why archives were read; the audit log keeps it longer. */
const jobDays = 90;

/**
 * Carries out the archive's jobs until the signal, one at a time, beside whatever else the process does, and removes the
 * files whose time is over. Any number of workers may: which of them takes a job up its row decides.
 * @throws only what kept the queue from being opened
 */
export async function workOnArchive(
  deps: JobDeps,
  { signal, pollMs = 2_000 }: { signal: AbortSignal; pollMs?: number },
): Promise<void> {
  const worker = `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
  const queue = await openRunQueue(deps, { name: queueName, supervise: false });
  let removed = 0;
  try {
    while (!signal.aborted) {
      let pause = pollMs;
      try {
        if (Date.now() - removed >= removalInterval) {
          removed = Date.now();
          await removeExpired(deps);
        }
        for (const id of await selectDueArchiveJobs(deps.database, 20)) await queue.offer(id);
        const handed = await queue.take();
        if (handed) {
          await handed.done();
          const outcome = await carryOutJob(deps, handed.runId, worker, signal);
          if (outcome) deps.log.info({ job: handed.runId, outcome }, "a job of the archive");
          pause = 0;
        }
      } catch (error) {
        deps.log.warn({ err: error }, "the archive's jobs could not be looked for; they will be again");
        pause = Math.max(pollMs, failurePause);
      }
      if (pause > 0) await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await queue.close();
  }
}

/** Removes the files whose day is over. Returns how many jobs lost theirs. */
export async function removeExpired(deps: Pick<JobDeps, "database" | "objects">): Promise<number> {
  const expired = await selectExpiredArchiveJobs(deps.database, 100);
  for (const { id, tenantId } of expired) {
    for await (const { key } of deps.objects.list(jobPrefix(tenantId, id))) await deps.objects.delete(key);
    await markArchiveJobRemoved(deps.database, id);
  }
  await deleteOldArchiveJobs(deps.database, jobDays);
  return expired.length;
}
