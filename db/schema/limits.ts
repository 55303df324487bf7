import { sql } from "drizzle-orm";
import { bigint, date, index, integer, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { tenants } from "./accounts.ts";

const amount = (name: string) => bigint(name, { mode: "number" });
const ofTenant = () => uuid("tenant_id").references(() => tenants.id, { onDelete: "cascade" });

/** What a tenant allows itself of tokens and money (millionths of a US dollar); null: without end. */
export const tenantBudgets = pgTable("tenant_budgets", {
  tenantId: ofTenant().primaryKey(),
  dailyTokens: amount("daily_tokens"),
  monthlyCostMicros: amount("monthly_cost_micros"),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
});

/** What was used of the chat model, by day (UTC) and model; "" is what was answered without one. */
export const modelUsage = pgTable(
  "model_usage",
  {
    tenantId: ofTenant().notNull(),
    day: date("day").notNull(),
    model: text("model").notNull(),
    questions: integer("questions").notNull().default(0),
    inputTokens: amount("input_tokens").notNull().default(0),
    outputTokens: amount("output_tokens").notNull().default(0),
    costMicros: amount("cost_micros").notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.day, table.model] })],
);

/** Set aside for answers in the making, until they end or their process is given up. */
export const usageReservations = pgTable(
  "usage_reservations",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    tenantId: ofTenant().notNull(),
    tokens: amount("tokens").notNull(),
    costMicros: amount("cost_micros").notNull(),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
  },
  (table) => [index("usage_reservations_tenant").on(table.tenantId)],
);
