/** Calendar days as `YYYY-MM-DD`, reckoned without a clock or a time zone. */

/** First and last day of a stretch of time, both in it. */
export interface Span {
  first: string;
  last: string;
}

const milliseconds = 86_400_000;

export function dayOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * milliseconds).toISOString().slice(0, 10);
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: string): number {
  return new Date(day).getUTCDay() || 7;
}

/** The week of a day, from Monday. */
export function weekOf(day: string): Span {
  const first = addDays(day, 1 - weekdayOf(day));
  return { first, last: addDays(first, 6) };
}

/** A month by its number, which may lie outside 1 to 12: 0 is the December before. */
export function monthOf(year: number, month: number): Span {
  return { first: dayOf(year, month, 1), last: dayOf(year, month + 1, 0) };
}

export function yearOf(year: number): Span {
  return { first: dayOf(year, 1, 1), last: dayOf(year, 12, 31) };
}

/** Year and month of a day. */
export function partsOf(day: string): { year: number; month: number } {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)) };
}

/**
 * Today in a time zone.
 * @throws RangeError when there is no such zone
 */
export function todayIn(timeZone: string, now: Date): string {
  return localTime(timeZone, now).slice(0, 10);
}

/** The moment at which a day begins in a time zone; where clocks skip midnight, the first moment after it. */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // The zone's distance from UTC is looked up near the moment sought, then at it: a change of clocks lies between.
  let moment = midnight;
  for (let look = 0; look < 2; look += 1) {
    moment = midnight - (Date.parse(`${localTime(timeZone, new Date(moment))}Z`) - moment);
  }
  while (todayIn(timeZone, new Date(moment)) < day) moment += 1_800_000;
  return new Date(moment);
}

function localTime(timeZone: string, moment: Date): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}
