/** Usual schedules: five fields, and their words. */
export const cronPresets: [cron: string, label: string][] = [
  ["30 2 * * *", "Every night at 02:30"],
  ["30 2 * * 1", "Every Monday at 02:30"],
  ["30 2 1 * *", "On the first of every month at 02:30"],
  ["0 */6 * * *", "Every six hours"],
];

/** A schedule in words where it is a usual one; null else. */
export function cronInWords(cron: string): string | null {
  const fields = cron.trim().split(/\s+/).join(" ");
  return cronPresets.find(([preset]) => preset === fields)?.[1] ?? null;
}
