import type { Database } from "../pool.ts";
import type { ingestSchedules } from "../schema/index.ts";
import { inScope, scopeValues, type TenantScope } from "./run-control.ts";

export type ScheduleRow = typeof ingestSchedules.$inferSelect & {
  collection: string;
  /** The run it last asked for. */
  lastRunId: string | null;
  lastRunStatus: string | null;
  lastRunAt: Date | null;
};
export type NewSchedule = Pick<ScheduleRow, "collectionId" | "request" | "cron" | "timeZone" | "enabled" | "createdBy">;
export type ScheduleChange = Partial<Pick<ScheduleRow, "request" | "cron" | "timeZone" | "enabled">>;

const selection = `select s.id, s.collection_id as "collectionId", c.slug as collection, s.request, s.cron,
    s.time_zone as "timeZone", s.enabled, s.created_by as "createdBy", s.created_at as "createdAt",
    s.updated_at as "updatedAt", last.id as "lastRunId", last.status as "lastRunStatus", last.created_at as "lastRunAt"
  from ingest_schedules s join collections c on c.id = s.collection_id
  left join lateral (select r.id, r.status, r.created_at from ingest_runs r where r.schedule_id = s.id
    order by r.created_at desc limit 1) last on true`;

export async function insertSchedule(database: Database, schedule: NewSchedule): Promise<string> {
  const { collectionId, request, cron, timeZone, enabled, createdBy } = schedule;
  const { rows } = await database.pool.query<{ id: string }>(
    `insert into ingest_schedules (collection_id, request, cron, time_zone, enabled, created_by)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [collectionId, JSON.stringify(request), cron, timeZone, enabled, createdBy],
  );
  return rows[0]?.id as string;
}

/** Schedules by collection and age, those of one collection only when it is named. */
export async function selectSchedules(
  database: Database,
  scope: TenantScope,
  collection?: string,
): Promise<ScheduleRow[]> {
  const { rows } = await database.pool.query<ScheduleRow>(
    `${selection} where ${inScope(1)} and ($3::text is null or c.slug = $3) order by c.id, s.created_at, s.id`,
    [...scopeValues(scope), collection ?? null],
  );
  return rows;
}

export async function findSchedule(database: Database, scope: TenantScope, id: string): Promise<ScheduleRow | null> {
  const { rows } = await database.pool.query<ScheduleRow>(`${selection} where ${inScope(1)} and s.id::text = $3`, [
    ...scopeValues(scope),
    id,
  ]);
  return rows[0] ?? null;
}

/** Changes what is given. Times before the change are no longer due. */
export async function changeSchedule(database: Database, id: string, change: ScheduleChange): Promise<void> {
  await database.pool.query(
    `update ingest_schedules set request = coalesce($2::jsonb, request), cron = coalesce($3, cron),
       time_zone = coalesce($4, time_zone), enabled = coalesce($5, enabled), updated_at = now() where id = $1`,
    [
      id,
      change.request === undefined ? null : JSON.stringify(change.request),
      change.cron ?? null,
      change.timeZone ?? null,
      change.enabled ?? null,
    ],
  );
}

export async function removeSchedule(database: Database, id: string): Promise<boolean> {
  const { rowCount } = await database.pool.query("delete from ingest_schedules where id = $1", [id]);
  return rowCount === 1;
}

export interface EnabledSchedule extends Pick<ScheduleRow, "id" | "cron" | "timeZone"> {
  /** Its last change or run: times before it are no longer due. */
  since: Date;
}

/** The schedules that fire, with the database's clock. */
export async function selectEnabledSchedules(database: Database): Promise<{ now: Date; schedules: EnabledSchedule[] }> {
  const clock = await database.pool.query<{ now: Date }>("select now()");
  const { rows } = await database.pool.query<EnabledSchedule>(
    `select s.id, s.cron, s.time_zone as "timeZone", greatest(s.updated_at,
       (select max(r.created_at) from ingest_runs r where r.schedule_id = s.id)) as since
     from ingest_schedules s where s.enabled`,
  );
  return { now: clock.rows[0]?.now as Date, schedules: rows };
}

/**
 * The run that a schedule asks for at a due time. Its id follows from both, so that of many workers one makes it; none is
 * made while another run of the schedule is open, was open at that time, or was made since.
 * @returns the run's id; null when there is none to make
 */
export async function insertScheduledRun(database: Database, scheduleId: string, due: Date): Promise<string | null> {
  const { rows } = await database.pool.query<{ id: string }>(
    `insert into ingest_runs (id, collection_id, status, request, trigger, requested_by, schedule_id)
     select md5($1 || ' ' || $2)::uuid, s.collection_id, 'queued', s.request, 'schedule', s.created_by, s.id
     from ingest_schedules s where s.id = $1::uuid and s.enabled and s.updated_at < $2::timestamptz
       and not exists (select from ingest_runs r where r.schedule_id = s.id
         and (r.status in ('queued', 'running', 'paused', 'interrupted')
           or r.created_at >= $2::timestamptz or r.finished_at > $2::timestamptz))
     on conflict (id) do nothing returning id`,
    [scheduleId, due.toISOString()],
  );
  return rows[0]?.id ?? null;
}
