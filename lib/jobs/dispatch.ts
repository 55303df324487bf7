import {
  type Database,
  endDeadCommandRuns,
  failExhaustedRuns,
  insertScheduledRun,
  type RetryPolicy,
  selectDueRuns,
  selectEnabledSchedules,
} from "#db/index.ts";
import { latestDue } from "./cron.ts";
import type { RunQueue } from "./queue.ts";

/** Five minutes' outage pass within the first attempts, a night's within all of them. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 12, firstDelay: 15, longestDelay: 3600 };

/**
 * Offers every run that should be carried out: new ones, ones cut off long enough ago, ones whose worker fell silent.
 * Every worker does this; an offer made twice is one.
 * @returns ids of the runs offered now
 */
export async function offerDueRuns(
  { database, queue }: { database: Database; queue: RunQueue },
  policy: RetryPolicy = defaultRetryPolicy,
): Promise<string[]> {
  await failExhaustedRuns(database, policy.attempts);
  await endDeadCommandRuns(database);
  const offered: string[] = [];
  for (const id of await selectDueRuns(database, policy)) {
    if (await queue.offer(id)) offered.push(id);
  }
  return offered;
}

/**
 * Makes the runs whose schedules are due: for each schedule one at most, for its latest due time, however long nobody
 * looked and however many look at once.
 * @param clock instead of the database's
 * @returns ids of the runs made
 */
export async function makeScheduledRuns({ database }: { database: Database }, clock?: Date): Promise<string[]> {
  const { now, schedules } = await selectEnabledSchedules(database);
  const made: string[] = [];
  for (const { id, cron, timeZone, since } of schedules) {
    const due = latestDue(cron, timeZone, since, clock ?? now);
    const run = due && (await insertScheduledRun(database, id, due));
    if (run) made.push(run);
  }
  return made;
}
