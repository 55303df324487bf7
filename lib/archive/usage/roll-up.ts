import {
  computeUsage,
  type Database,
  markDayDone,
  selectDaysToAddUp,
  selectTenantIds,
  upsertUsage,
} from "#db/index.ts";
import { oneRowEach } from "./merge.ts";

const daysAtOnce = 60;

/** Adds past days up, for all tenants, the latest first. May be done by several at once. Returns how many days. */
export async function rollUpUsage(database: Database, limit = daysAtOnce): Promise<number> {
  const days = await selectDaysToAddUp(database, limit);
  if (days.length === 0) return 0;
  const tenants = await selectTenantIds(database);
  for (const day of days) {
    for (const tenantId of tenants) {
      await upsertUsage(database, tenantId, oneRowEach(await computeUsage(database, tenantId, day, day)));
    }
    await markDayDone(database, day);
  }
  return days.length;
}
