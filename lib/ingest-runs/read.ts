import { z } from "zod";
import { selectFailures, selectProgress, selectRecentProgress, selectRuns } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { type Actor, requireCurator } from "./actor.ts";
import { openRun } from "./find.ts";
import { parseInput } from "./parse-request.ts";
import { toFailureView, toRunView } from "./translate.ts";
import { type FailurePage, type ProgressPoint, type RunDetail, type RunPage, runStatuses } from "./views.ts";

const page = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
};
const runFilter = z.strictObject({
  collection: z.string().optional(),
  statuses: z.array(z.enum(runStatuses)).min(1).optional(),
  ...page,
});
const failureFilter = z.strictObject({ unresolved: z.boolean().default(false), ...page });

const plotPoints = 200;
const recentSeconds = 120;

/** Runs, the newest first. */
export async function listRuns(
  { database }: Pick<Deps, "database">,
  actor: Actor,
  filter: z.input<typeof runFilter> = {},
): Promise<RunPage> {
  const { scope } = requireCurator(actor);
  const { limit, offset, collection, statuses } = parseInput(runFilter, filter, "filter");
  const { runs, total } = await selectRuns(database, scope, { collection, statuses }, { limit, offset });
  return { runs: runs.map(toRunView), total, limit, offset };
}

/** A run with at most 200 points of its progress and its rates. @throws NotFoundError */
export async function getRun(deps: Pick<Deps, "database">, actor: Actor, id: string): Promise<RunDetail> {
  const run = await openRun(deps, actor, id);
  const points = await selectProgress(deps.database, run.id, plotPoints);
  const recent = await selectRecentProgress(deps.database, run.id, recentSeconds);
  const whole = rateOf(points);
  const now = rateOf(recent);
  return {
    ...toRunView(run),
    progress: points.map((point, at) => toPoint(point, points[at - 1])),
    rates: {
      recordsPerSecond: whole?.records ?? null,
      chunksPerSecond: whole?.chunks ?? null,
      recentRecordsPerSecond: now?.records ?? null,
      recentChunksPerSecond: now?.chunks ?? null,
    },
  };
}

/** A run's failed records in the order they were met. @throws NotFoundError */
export async function listFailures(
  deps: Pick<Deps, "database">,
  actor: Actor,
  id: string,
  filter: z.input<typeof failureFilter> = {},
): Promise<FailurePage> {
  const { limit, offset, unresolved } = parseInput(failureFilter, filter, "filter");
  const run = await openRun(deps, actor, id);
  const { failures, total } = await selectFailures(deps.database, run.id, { limit, offset }, unresolved);
  return { failures: failures.map(toFailureView), total, limit, offset };
}

type Point = { at: Date; read: number; chunks: number; failed: number };

function toPoint(point: Point, before: Point | undefined): ProgressPoint {
  const rate = before && rateOf([before, point]);
  return {
    at: point.at.toISOString(),
    read: point.read,
    chunks: point.chunks,
    failed: point.failed,
    recordsPerSecond: rate?.records ?? 0,
    chunksPerSecond: rate?.chunks ?? 0,
  };
}

/** Between the first and the last point; a run that began again from its checkpoint has counted back, never below 0. */
function rateOf(points: Point[]): { records: number; chunks: number } | null {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const seconds = (last.at.getTime() - first.at.getTime()) / 1000;
  if (seconds <= 0) return null;
  const perSecond = (count: number) => Math.max(0, Math.round((count / seconds) * 100) / 100);
  return { records: perSecond(last.read - first.read), chunks: perSecond(last.chunks - first.chunks) };
}
