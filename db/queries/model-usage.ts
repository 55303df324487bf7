import { type Database, transaction } from "../pool.ts";
import { type AuditEntry, insertAudit } from "./audit.ts";

/** What a tenant allows itself; null: without end. Money in millionths of a US dollar. */
export interface Budgets {
  dailyTokens: number | null;
  monthlyCostMicros: number | null;
}

export interface ModelUsage {
  /** UTC. */
  day: string;
  model: string;
  questions: number;
  inputTokens: number;
  outputTokens: number;
  costMicros: number;
}

export type NewModelUsage = Omit<ModelUsage, "day">;

/** What of its budgets a tenant has spent, with what is set aside for answers in the making. */
export interface Spent {
  dailyTokens: number;
  monthlyCostMicros: number;
}

type Query = Pick<Database["pool"], "query">;

/** Adds to what is known of today, of a model or, as "", of answers without one. */
export async function addModelUsage(database: Database, tenantId: string, usage: NewModelUsage): Promise<void> {
  await insertUsage(database.pool, tenantId, usage);
}

async function insertUsage(client: Query, tenantId: string, usage: NewModelUsage): Promise<void> {
  await client.query(
    `insert into model_usage as known (tenant_id, day, model, questions, input_tokens, output_tokens, cost_micros)
     values ($1, (now() at time zone 'utc')::date, $2, $3, $4, $5, $6)
     on conflict (tenant_id, day, model) do update set
       questions = known.questions + excluded.questions,
       input_tokens = known.input_tokens + excluded.input_tokens,
       output_tokens = known.output_tokens + excluded.output_tokens,
       cost_micros = known.cost_micros + excluded.cost_micros`,
    [tenantId, usage.model, usage.questions, usage.inputTokens, usage.outputTokens, usage.costMicros],
  );
}

/** A tenant's usage from a day on, by day and model, the newest first. */
export async function selectModelUsage(database: Database, tenantId: string, since: string): Promise<ModelUsage[]> {
  const { rows } = await database.pool.query<ModelUsage>(
    `select day::text, model, questions, input_tokens::float8 as "inputTokens", output_tokens::float8 as "outputTokens",
       cost_micros::float8 as "costMicros"
     from model_usage where tenant_id = $1 and day >= $2::date order by day desc, model`,
    [tenantId, since],
  );
  return rows;
}

export async function selectBudgets(database: Database, tenantId: string): Promise<Budgets> {
  return budgetsOf(database.pool, tenantId);
}

async function budgetsOf(client: Query, tenantId: string): Promise<Budgets> {
  const { rows } = await client.query<Budgets>(
    `select daily_tokens::float8 as "dailyTokens", monthly_cost_micros::float8 as "monthlyCostMicros"
     from tenant_budgets where tenant_id = $1`,
    [tenantId],
  );
  return rows[0] ?? { dailyTokens: null, monthlyCostMicros: null };
}

export async function changeBudgets(
  database: Database,
  tenantId: string,
  { dailyTokens, monthlyCostMicros }: Budgets,
  audit: AuditEntry,
): Promise<void> {
  await transaction(database, async (client) => {
    await client.query(
      `insert into tenant_budgets (tenant_id, daily_tokens, monthly_cost_micros) values ($1, $2, $3)
       on conflict (tenant_id) do update
       set daily_tokens = excluded.daily_tokens, monthly_cost_micros = excluded.monthly_cost_micros, updated_at = now()`,
      [tenantId, dailyTokens, monthlyCostMicros],
    );
    await insertAudit(client, audit);
  });
}

export async function selectSpent(database: Database, tenantId: string): Promise<Spent> {
  return spentOf(database.pool, tenantId);
}

async function spentOf(client: Query, tenantId: string): Promise<Spent> {
  const { rows } = await client.query<Spent>(
    `with today as (select (now() at time zone 'utc')::date as day),
     used as (
       select coalesce(sum(input_tokens + output_tokens) filter (where u.day = today.day), 0) as tokens,
         coalesce(sum(cost_micros), 0) as cost
       from today left join model_usage u on u.tenant_id = $1 and u.day >= date_trunc('month', today.day)
     ),
     aside as (
       select coalesce(sum(tokens), 0) as tokens, coalesce(sum(cost_micros), 0) as cost
       from usage_reservations where tenant_id = $1 and expires_at > now()
     )
     select (used.tokens + aside.tokens)::float8 as "dailyTokens", (used.cost + aside.cost)::float8 as "monthlyCostMicros"
     from used, aside`,
    [tenantId],
  );
  return rows[0] ?? { dailyTokens: 0, monthlyCostMicros: 0 };
}

export type Reservation =
  | { budget: "none" }
  | { budget: "reserved"; id: string }
  | { budget: "spent"; of: keyof Spent };

/**
 * Sets something aside for one answer, unless a budget is spent. One tenant's questions do this one after the other:
 * each sees what those before it have set aside, so that what is left is not given to all of them at once.
 */
export async function reserveUsage(
  database: Database,
  tenantId: string,
  aside: { tokens: number; costMicros: number; seconds: number },
): Promise<Reservation> {
  const known = await budgetsOf(database.pool, tenantId);
  if (known.dailyTokens === null && known.monthlyCostMicros === null) return { budget: "none" };
  return transaction(database, async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtextextended('usage:' || $1::text, 0))", [tenantId]);
    const budgets = await budgetsOf(client, tenantId);
    const spent = await spentOf(client, tenantId);
    for (const name of ["dailyTokens", "monthlyCostMicros"] as const) {
      const budget = budgets[name];
      if (budget !== null && spent[name] >= budget) return { budget: "spent", of: name };
    }
    await client.query("delete from usage_reservations where tenant_id = $1 and expires_at <= now()", [tenantId]);
    const { rows } = await client.query<{ id: string }>(
      `insert into usage_reservations (tenant_id, tokens, cost_micros, expires_at)
       values ($1, $2, $3, now() + make_interval(secs => $4)) returning id`,
      [tenantId, aside.tokens, aside.costMicros, aside.seconds],
    );
    return { budget: "reserved", id: rows[0]?.id ?? "" };
  });
}

/** An answer's end: what was set aside for it is free again, in the moment in which it is counted as asked. */
export async function settleUsage(
  database: Database,
  tenantId: string,
  usage: NewModelUsage,
  reservation: string | null,
): Promise<void> {
  if (reservation === null) return addModelUsage(database, tenantId, usage);
  await transaction(database, async (client) => {
    await client.query("delete from usage_reservations where tenant_id = $1 and id = $2", [tenantId, reservation]);
    await insertUsage(client, tenantId, usage);
  });
}
