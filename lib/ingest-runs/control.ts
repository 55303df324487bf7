import type { Database } from "#db/index.ts";
import { type RunRow, requestCancel, requestPause, requestResume, type TenantScope } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError } from "../errors.ts";
import { type Actor, requireCurator } from "./actor.ts";
import { openRun } from "./find.ts";
import { toRunView } from "./translate.ts";
import type { RunView } from "./views.ts";

/** Pauses a run: at once when it waits, at its next batch when it is at work. @throws ConflictError when it has ended */
export function pauseRun(deps: Pick<Deps, "database">, actor: Actor, id: string): Promise<RunView> {
  return control(deps, actor, id, "paused", requestPause);
}

/**
 * Queues a paused, interrupted or failed run again, to be gone on with at its checkpoint by any worker.
 * @throws ConflictError when it is in no such state
 */
export function resumeRun(deps: Pick<Deps, "database">, actor: Actor, id: string): Promise<RunView> {
  return control(deps, actor, id, "resumed", requestResume);
}

/** Ends a run for good; what it has written stays. @throws ConflictError when it has ended */
export function cancelRun(deps: Pick<Deps, "database">, actor: Actor, id: string): Promise<RunView> {
  return control(deps, actor, id, "cancelled", requestCancel);
}

async function control(
  deps: Pick<Deps, "database">,
  actor: Actor,
  id: string,
  what: string,
  request: (database: Database, scope: TenantScope, id: string) => Promise<RunRow | null>,
): Promise<RunView> {
  const { scope } = requireCurator(actor);
  const run = await openRun(deps, actor, id);
  if (!(await request(deps.database, scope, run.id))) {
    throw new ConflictError(`The run ${id} is ${run.status}: it cannot be ${what}.`);
  }
  return toRunView(await openRun(deps, actor, id));
}
