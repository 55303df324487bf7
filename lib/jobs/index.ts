/** How runs reach workers: the queue, what is put into it when, and the times of schedules. */
export { checkCron, nextTimes } from "./cron.ts";
export { defaultRetryPolicy, makeScheduledRuns, offerDueRuns } from "./dispatch.ts";
export { type HandedRun, openRunQueue, type RunQueue } from "./queue.ts";
