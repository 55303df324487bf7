import { PgBoss } from "pg-boss";
import { InvalidInputError } from "../errors.ts";

/** Never started and without a database: it only computes. */
const calendar = new PgBoss({ db: { executeSql: async () => ({ rows: [] }) } });

const minute = 60_000;
const day = 24 * 60 * minute;
/** How far back a due time is looked for, the nearest stretch first; the 29th of February comes within eight years. */
const stretches = [60 * minute, day, 8 * day, 32 * day, 370 * day, 2_930 * day];

/**
 * @param cron five fields: minute, hour, day of month, month, day of week
 * @param timeZone an IANA name such as `Europe/Berlin`
 * @throws InvalidInputError naming what is wrong with which
 */
export function checkCron(cron: string, timeZone: string): void {
  if (!isTimeZone(timeZone)) {
    throw new InvalidInputError(`“${timeZone}” is no time zone; expected a name such as UTC or Europe/Berlin.`);
  }
  if (cron.trim().split(/\s+/).length !== 5) {
    throw new InvalidInputError(
      `“${cron}” is no schedule; expected five fields: minute, hour, day of month, month, day of week, as in “30 2 * * 1”.`,
    );
  }
  try {
    calendar.previewSchedule(cron, { tz: timeZone, from: new Date(), count: 1 });
  } catch (error) {
    throw new InvalidInputError(`“${cron}” is no schedule: ${(error as Error).message}.`);
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The next times a schedule is due, strictly after `from`. */
export function nextTimes(cron: string, timeZone: string, from: Date, count: number): Date[] {
  return calendar.previewSchedule(cron, { tz: timeZone, from, count });
}

/** The latest time a schedule was due after `since` and not after `now`; null when it was not. */
export function latestDue(cron: string, timeZone: string, since: Date, now: Date): Date | null {
  for (const stretch of stretches) {
    const from = Math.max(since.getTime(), now.getTime() - stretch);
    if (from >= now.getTime()) return null;
    const due = lastOf(cron, timeZone, new Date(from), now);
    if (due) return due;
    if (from === since.getTime()) return null;
  }
  return null;
}

function lastOf(cron: string, timeZone: string, from: Date, now: Date): Date | null {
  let last: Date | null = null;
  for (;;) {
    const [next] = nextTimes(cron, timeZone, last ?? from, 1);
    if (!next || next > now) return last;
    last = next;
  }
}
