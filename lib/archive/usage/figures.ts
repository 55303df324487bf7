import { z } from "zod";
import {
  computeUsage,
  selectCosts,
  selectDaysDone,
  selectUsageDays,
  type UsageFigures,
  type UsageRow,
} from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import { requirePermission } from "../../auth/require-permission.ts";
import { parseInput } from "../../conversations/input.ts";
import type { Deps } from "../../deps.ts";
import { InvalidInputError } from "../../errors.ts";
import { merged, percentile } from "./merge.ts";

const mostDays = 366;
const usualDays = 30;
const dayMs = 86_400_000;

const day = z.iso.date("expected a day such as 2026-03-05");
const usageInput = z.object({
  from: day.optional(),
  until: day.optional(),
  collection: z.string().max(100).optional(),
  model: z.string().max(200).optional(),
});

/** Sums, and milliseconds within which half and 95 in 100 answers began and ended; null where there were none. */
export interface UsageSum extends Omit<UsageFigures, "first" | "total"> {
  firstP50: number | null;
  firstP95: number | null;
  totalP50: number | null;
  totalP95: number | null;
}

export interface UsageView {
  from: string;
  until: string;
  /** Every day of the range, in UTC. `cost` in US dollars by the prices set; null for one collection, which has none of its own. */
  days: ({ day: string; cost: number | null } & UsageSum)[];
  all: { cost: number | null } & UsageSum;
  /** Of answers that cite them: one that cites two counts in both. */
  collections: ({ name: string } & UsageSum)[];
  /** An empty name: answered without a model. */
  models: ({ name: string } & UsageSum)[];
}

/**
 * How much was asked and how well it went, from the tenant's own rows; no figure is of a person. Past days are read as
 * they were added up, today and what is not added up yet from the messages.
 * @param input first and last day (30 days up to today if not said, 366 at most), one collection, one model
 * @throws ForbiddenError, InvalidInputError
 */
export async function usageFigures(deps: Pick<Deps, "database">, viewer: Viewer, input: unknown): Promise<UsageView> {
  requirePermission(viewer, "usage.read");
  const { collection = "", model, ...range } = parseInput(usageInput, input);
  const until = range.until ?? isoDay(new Date());
  const from = range.from ?? isoDay(new Date(Date.parse(until) - (usualDays - 1) * dayMs));
  const days = daysBetween(from, until);
  const rows = await rowsOf(deps, viewer.tenantId, days);
  const fitting = rows.filter((row) => model === undefined || row.model === model);
  const own = fitting.filter((row) => row.collection === collection);
  const byDay = Map.groupBy(own, (row) => row.day);
  const paid = await selectCosts(deps.database, viewer.tenantId, { from, until, model });
  const costs = new Map(paid.map(({ day: one, costMicros }) => [one, costMicros / 1e6]));
  const costOf = (cost: number) => (collection === "" ? cost : null);
  return {
    from,
    until,
    days: days.map((one) => ({ day: one, cost: costOf(costs.get(one) ?? 0), ...sumOf(byDay.get(one) ?? []) })),
    all: { cost: costOf([...costs.values()].reduce((sum, cost) => sum + cost, 0)), ...sumOf(own) },
    collections: groups(
      fitting.filter((row) => row.collection !== ""),
      "collection",
    ),
    models: groups(
      rows.filter((row) => row.collection === collection),
      "model",
    ),
  };
}

async function rowsOf({ database }: Pick<Deps, "database">, tenantId: string, days: string[]): Promise<UsageRow[]> {
  const [from, until] = [days[0], days.at(-1)];
  if (from === undefined || until === undefined) return [];
  // Which days are done is no tenant's own.
  const done = new Set(await selectDaysDone(database.root, from, until));
  const kept = done.size > 0 ? await selectUsageDays(database, tenantId, [...done]) : [];
  const open = days.filter((one) => !done.has(one) && one <= isoDay(new Date()));
  const [firstOpen, lastOpen] = [open[0], open.at(-1)];
  if (firstOpen === undefined || lastOpen === undefined) return kept;
  const live = await computeUsage(database, tenantId, firstOpen, lastOpen);
  return [...kept, ...live.filter((row) => !done.has(row.day))];
}

function groups(rows: UsageRow[], by: "collection" | "model"): ({ name: string } & UsageSum)[] {
  return [...Map.groupBy(rows, (row) => row[by])]
    .map(([name, its]) => ({ name, ...sumOf(its) }))
    .sort((a, b) => b.questions - a.questions || a.name.localeCompare(b.name));
}

function sumOf(rows: UsageRow[]): UsageSum {
  const { first, total, ...sums } = merged(rows.map(({ figures }) => figures));
  return {
    ...sums,
    firstP50: percentile(first, 0.5),
    firstP95: percentile(first, 0.95),
    totalP50: percentile(total, 0.5),
    totalP95: percentile(total, 0.95),
  };
}

function daysBetween(from: string, until: string): string[] {
  const count = (Date.parse(until) - Date.parse(from)) / dayMs + 1;
  if (count < 1) throw new InvalidInputError("“from” lies after “until”.");
  if (count > mostDays) throw new InvalidInputError(`At most ${mostDays} days are shown at once.`);
  return Array.from({ length: count }, (_, at) => isoDay(new Date(Date.parse(from) + at * dayMs)));
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
