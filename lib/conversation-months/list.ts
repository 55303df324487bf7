import { type MessageMonth, selectMessageMonths } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { settledOrder } from "./settle.ts";

export interface MonthView extends Omit<MessageMonth, "order"> {
  /** Its rows lie in the order of its conversations; null when the server has not looked at them. */
  settled: boolean | null;
}

/** Every month that has conversations, the oldest first. */
export async function listMonths(deps: Pick<Deps, "database">): Promise<MonthView[]> {
  const months = await selectMessageMonths(deps.database);
  return months.map(({ order, ...month }) => ({ ...month, settled: order === null ? null : order >= settledOrder }));
}
