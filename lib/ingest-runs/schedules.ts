import { z } from "zod";
import {
  changeSchedule,
  findSchedule,
  insertSchedule,
  removeSchedule,
  type ScheduleRow,
  selectSchedules,
} from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { checkCron } from "../jobs/index.ts";
import { type Actor, checkId, recordChange, requireCurator } from "./actor.ts";
import { openCollection } from "./find.ts";
import { checkReach, parseInput, parseSourceRequest } from "./parse-request.ts";
import { toScheduleView } from "./translate.ts";
import type { ScheduleView } from "./views.ts";

/** `cron` has five fields: minute, hour, day of month, month, day of week. */
const newSchedule = z.strictObject({
  request: z.unknown(),
  cron: z.string(),
  timeZone: z.string().default("UTC"),
  enabled: z.boolean().default(true),
});
const scheduleChange = z.strictObject({
  request: z.unknown().optional(),
  cron: z.string().optional(),
  timeZone: z.string().optional(),
  enabled: z.boolean().optional(),
});

/** Has a source read into a collection again and again. @throws InvalidInputError naming what is wrong */
export async function createSchedule(
  deps: Pick<Deps, "database">,
  actor: Actor,
  slug: string,
  input: z.input<typeof newSchedule>,
): Promise<ScheduleView> {
  const { userId } = requireCurator(actor);
  const { cron, timeZone, enabled, request: given } = parseInput(newSchedule, input, "schedule");
  checkCron(cron, timeZone);
  const request = parseSourceRequest(given);
  const collection = await openCollection(deps, actor, slug);
  checkReach(actor, collection, request);
  const id = await insertSchedule(deps.database, {
    collectionId: collection.id,
    request,
    cron: cron.trim(),
    timeZone,
    enabled,
    createdBy: userId,
  });
  await recordChange(deps, actor, "schedule.create", { type: "schedule", id }, { collection: slug, cron: cron.trim() });
  return getSchedule(deps, actor, id);
}

/** Changes what is given; also how it is enabled and disabled. Times before the change are not made up for. */
export async function updateSchedule(
  deps: Pick<Deps, "database">,
  actor: Actor,
  id: string,
  input: z.input<typeof scheduleChange>,
): Promise<ScheduleView> {
  const before = await openSchedule(deps, actor, id);
  const { request: given, cron, timeZone, enabled } = parseInput(scheduleChange, input, "schedule");
  checkCron(cron ?? before.cron, timeZone ?? before.timeZone);
  const request = given === undefined ? undefined : parseSourceRequest(given);
  if (request) checkReach(actor, await openCollection(deps, actor, before.collection), request);
  await changeSchedule(deps.database, before.id, {
    ...(request && { request }),
    ...(cron !== undefined && { cron: cron.trim() }),
    ...(timeZone !== undefined && { timeZone }),
    ...(enabled !== undefined && { enabled }),
  });
  const { collection } = before;
  await recordChange(
    deps,
    actor,
    "schedule.change",
    { type: "schedule", id: before.id },
    { collection, cron, enabled },
  );
  return getSchedule(deps, actor, id);
}

/** Ends a schedule; runs it has asked for go on. @throws NotFoundError */
export async function deleteSchedule(deps: Pick<Deps, "database">, actor: Actor, id: string): Promise<void> {
  const schedule = await openSchedule(deps, actor, id);
  await removeSchedule(deps.database, schedule.id);
  const { collection } = schedule;
  await recordChange(deps, actor, "schedule.delete", { type: "schedule", id: schedule.id }, { collection });
}

/** Schedules by collection, those of one when it is named. */
export async function listSchedules(
  { database }: Pick<Deps, "database">,
  actor: Actor,
  collection?: string,
): Promise<ScheduleView[]> {
  const { scope } = requireCurator(actor);
  const now = new Date();
  return (await selectSchedules(database, scope, collection)).map((row) => toScheduleView(row, now));
}

/** @throws NotFoundError */
export async function getSchedule(deps: Pick<Deps, "database">, actor: Actor, id: string): Promise<ScheduleView> {
  return toScheduleView(await openSchedule(deps, actor, id), new Date());
}

async function openSchedule({ database }: Pick<Deps, "database">, actor: Actor, id: string): Promise<ScheduleRow> {
  const { scope } = requireCurator(actor);
  const schedule = await findSchedule(database, scope, checkId(id, "schedule"));
  if (!schedule) throw new NotFoundError(`The schedule ${id}`);
  return schedule;
}
