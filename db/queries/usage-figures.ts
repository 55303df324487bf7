import type { Database } from "../pool.ts";

/** How often each bucket of milliseconds was met, by the bucket's number. */
export type Histogram = Record<string, number>;

/** Buckets for each factor e: each is 1/12 of it, some 8.7 %, wide. */
export const bucketsPerE = 12;

/** Sums of one day, one collection (empty: all) and one model (empty: none). */
export interface UsageFigures {
  questions: number;
  answered: number;
  abstained: number;
  redirected: number;
  stopped: number;
  failed: number;
  sentences: number;
  dropped: number;
  /** Answers that were at hand, or shared with others who asked the same. */
  cached: number;
  tokens: number;
  /** Milliseconds to the first sentence and to the end, of answers that had a sentence, or ended. */
  first: Histogram;
  total: Histogram;
  feedback: Record<string, number>;
}

export interface UsageRow {
  day: string;
  collection: string;
  model: string;
  figures: Partial<UsageFigures>;
}

// Answers of moved conversations are no rows any more; their days were added up long before.
const answersOf = `
  select (m.created_at at time zone 'UTC')::date as day, coalesce(m.model, m.answer ->> 'model', '') as model, d.collection,
    case when m.status in ('failed', 'stopped') then m.status else coalesce(m.answer ->> 'status', 'failed') end as outcome,
    coalesce(jsonb_array_length(m.answer -> 'sentences'), 0) as sentences,
    coalesce(jsonb_array_length(m.answer -> 'dropped'), 0) as dropped,
    coalesce(m.tokens_used, 0) as tokens,
    (m.answer -> 'timings') is not null and not (m.answer -> 'timings' ? 'embed') as at_hand,
    case when jsonb_array_length(m.answer -> 'sentences') > 0 then
      coalesce((m.answer -> 'timings' ->> 'firstSentence')::float8, (m.answer -> 'timings' ->> 'total')::float8) end as first,
    case when m.status = 'complete' then (m.answer -> 'timings' ->> 'total')::float8 end as total
  from messages m
  cross join lateral (
    select '' as collection union
    select q.collection_slug from message_citations q where q.message_id = m.id and q.month = m.month) d
  where m.tenant_id = $1 and m.role = 'assistant' and m.status not in ('pending', 'streaming')
    and m.created_at >= $2::date::timestamp at time zone 'UTC'
    and m.created_at < ($3::date + 1)::timestamp at time zone 'UTC' and m.month <= $3::date`;

/** Figures of a tenant's days from its messages themselves: what was asked, how it came out, what was said of it. */
export async function computeUsage(
  database: Database,
  tenantId: string,
  from: string,
  until: string,
): Promise<UsageRow[]> {
  const { rows } = await database.pool.query<UsageRow>(
    `with answers as materialized (${answersOf}), buckets as (
       select day, collection, model, kind, jsonb_object_agg(bucket, n) as counts from (
         select day, collection, model, kind, floor(ln(greatest(ms, 1)) * ${bucketsPerE})::int as bucket, count(*) as n
         from answers cross join lateral (values ('first', first), ('total', total)) v(kind, ms)
         where ms is not null group by 1, 2, 3, 4, 5) counted group by 1, 2, 3, 4)
     select day::text, collection, model, jsonb_build_object(
       'questions', count(*), 'answered', count(*) filter (where outcome = 'answered'),
       'abstained', count(*) filter (where outcome = 'gap'), 'redirected', count(*) filter (where outcome = 'redirected'),
       'stopped', count(*) filter (where outcome = 'stopped'), 'failed', count(*) filter (where outcome = 'failed'),
       'sentences', sum(sentences), 'dropped', sum(dropped),
       'cached', count(*) filter (where at_hand and outcome in ('answered', 'gap')), 'tokens', sum(tokens),
       'first', coalesce((select counts from buckets b where (b.day, b.collection, b.model) = (a.day, a.collection, a.model) and kind = 'first'), '{}'),
       'total', coalesce((select counts from buckets b where (b.day, b.collection, b.model) = (a.day, a.collection, a.model) and kind = 'total'), '{}')
     ) as figures
     from answers a group by day, collection, model
     union all
     select day::text, collection, model, jsonb_build_object('feedback', jsonb_object_agg(kind, n)) from (
       select (f.updated_at at time zone 'UTC')::date as day, coalesce(m.model, m.answer ->> 'model', '') as model,
         d.collection, f.kind, count(*) as n
       from message_feedback f join messages m on m.month = f.month and m.id = f.message_id
       cross join lateral (
         select '' as collection union
         select q.collection_slug from message_citations q where q.message_id = m.id and q.month = m.month) d
       where f.tenant_id = $1 and f.updated_at >= $2::date::timestamp at time zone 'UTC'
         and f.updated_at < ($3::date + 1)::timestamp at time zone 'UTC' group by 1, 2, 3, 4) said
     group by day, collection, model`,
    [tenantId, from, until],
  );
  return rows;
}

/** Days of the range that are added up already. */
export async function selectDaysDone(database: Database, from: string, until: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ day: string }>(
    "select day::text from usage_days_done where day between $1 and $2 order by day",
    [from, until],
  );
  return rows.map(({ day }) => day);
}

/** What was added up of these days. */
export async function selectUsageDays(database: Database, tenantId: string, days: string[]): Promise<UsageRow[]> {
  const { rows } = await database.pool.query<UsageRow>(
    `select day::text, collection, model, figures from usage_days
     where tenant_id = $1 and day = any($2::date[]) order by day`,
    [tenantId, days],
  );
  return rows;
}

/** What a tenant's days cost at its model's prices, in millionths of a US dollar; of one model when it is named. */
export async function selectCosts(
  database: Database,
  tenantId: string,
  range: { from: string; until: string; model?: string | undefined },
): Promise<{ day: string; costMicros: number }[]> {
  const { rows } = await database.pool.query<{ day: string; costMicros: number }>(
    `select day::text, sum(cost_micros)::float8 as "costMicros" from model_usage
     where tenant_id = $1 and day between $2 and $3 and ($4::text is null or model = $4) group by day order by day`,
    [tenantId, range.from, range.until, range.model ?? null],
  );
  return rows;
}

/** Past days that are not added up yet, the latest first; a day is past an hour after its end, in UTC. */
export async function selectDaysToAddUp(database: Database, limit: number): Promise<string[]> {
  const { rows } = await database.pool.query<{ day: string }>(
    `select day::date::text as day from generate_series(
       (select min(created_at) at time zone 'UTC' from conversations)::date,
       ((now() - interval '1 hour') at time zone 'UTC')::date - 1, interval '1 day') day
     where day::date not in (select day from usage_days_done) order by day desc limit $1`,
    [limit],
  );
  return rows.map(({ day }) => day);
}

export async function selectTenantIds(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>("select id from tenants order by id");
  return rows.map(({ id }) => id);
}

/** Keeps a tenant's sums of a day. */
export async function upsertUsage(database: Database, tenantId: string, rows: UsageRow[]): Promise<void> {
  if (rows.length === 0) return;
  await database.pool.query(
    `insert into usage_days (tenant_id, day, collection, model, figures)
     select $1, * from unnest($2::date[], $3::text[], $4::text[], $5::jsonb[])
     on conflict (tenant_id, day, collection, model) do update set figures = excluded.figures`,
    [
      tenantId,
      rows.map(({ day }) => day),
      rows.map(({ collection }) => collection),
      rows.map(({ model }) => model),
      rows.map(({ figures }) => JSON.stringify(figures)),
    ],
  );
}

export async function markDayDone(database: Database, day: string): Promise<void> {
  await database.pool.query("insert into usage_days_done (day) values ($1) on conflict do nothing", [day]);
}

/** Removes the sums of days longer ago. Their days stay done: what they were added up from is not looked at again. */
export async function deleteOldUsage(database: Database, days: number): Promise<void> {
  await database.pool.query("delete from usage_days where day < current_date - $1::int", [days]);
}
