import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import { tenants, users } from "./accounts.ts";
import { bytea } from "./columns.ts";
import { conversations } from "./conversations.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const tenantId = () =>
  uuid("tenant_id")
    .notNull()
    .references(() => tenants.id, { onDelete: "cascade" });
const userId = () =>
  uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** What a tenant's pseudonyms are made with. */
export const archiveKeys = pgTable("archive_keys", {
  tenantId: uuid("tenant_id")
    .primaryKey()
    .references(() => tenants.id, { onDelete: "cascade" }),
  key: bytea("key").notNull(),
});

/** Why somebody reads another's conversation, and until when that holds. */
export const archiveOpenings = pgTable(
  "archive_openings",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    tenantId: tenantId(),
    userId: userId(),
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    reasonKind: text("reason_kind").notNull(),
    reason: varchar("reason", { length: 1000 }).notNull(),
    openedAt: at("opened_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
  },
  (table) => [index("archive_openings_place").on(table.conversationId, table.userId, table.expiresAt)],
);

/** Work on many conversations, done beside the asking. */
export const archiveJobs = pgTable(
  "archive_jobs",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    tenantId: tenantId(),
    userId: userId(),
    kind: text("kind", { enum: ["export", "change", "own-data"] }).notNull(),
    request: jsonb("request").notNull(),
    status: text("status", { enum: ["queued", "running", "complete", "failed", "cancelled"] })
      .notNull()
      .default("queued"),
    cancelRequested: boolean("cancel_requested").notNull().default(false),
    /** How far it is; who takes it over goes on there. */
    cursor: jsonb("cursor"),
    counts: jsonb("counts").notNull().default({}),
    /** What was not done, and why: the first hundred. */
    outcome: jsonb("outcome").notNull().default([]),
    /** Objects written. */
    pieces: integer("pieces").notNull().default(0),
    bytes: bigint("bytes", { mode: "number" }).notNull().default(0),
    error: text("error"),
    worker: text("worker"),
    attempts: integer("attempts").notNull().default(0),
    heartbeatAt: at("heartbeat_at"),
    createdAt: at("created_at").notNull().defaultNow(),
    finishedAt: at("finished_at"),
    /** When its file is removed. */
    expiresAt: at("expires_at"),
    removedAt: at("removed_at"),
  },
  (table) => [
    index("archive_jobs_person").on(table.tenantId, table.userId, table.createdAt),
    index("archive_jobs_open").on(table.createdAt).where(sql`status in ('queued', 'running')`),
    index("archive_jobs_kept").on(table.expiresAt).where(sql`removed_at is null and expires_at is not null`),
  ],
);

/** What was asked on one day, added up: no person, no word. */
export const usageDays = pgTable(
  "usage_days",
  {
    tenantId: tenantId(),
    day: date("day").notNull(),
    /** Empty in the row of all. */
    collection: text("collection").notNull(),
    model: text("model").notNull(),
    figures: jsonb("figures").notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.day, table.collection, table.model] })],
);

/** Days that are added up for all tenants. */
export const usageDaysDone = pgTable("usage_days_done", {
  day: date("day").primaryKey(),
  doneAt: at("done_at").notNull().defaultNow(),
});

/** Where each tenant's audit chain ends, and where it begins once old rows were let go. Written by triggers. */
export const auditHeads = pgTable("audit_heads", {
  /** The tenant's id, empty for the chain of no tenant. */
  chain: text("chain").primaryKey(),
  tenantId: uuid("tenant_id"),
  lastId: bigint("last_id", { mode: "number" }).notNull(),
  hash: bytea("hash").notNull(),
  rows: bigint("rows", { mode: "number" }).notNull(),
  cutId: bigint("cut_id", { mode: "number" }),
  cutHash: bytea("cut_hash"),
  cutRows: bigint("cut_rows", { mode: "number" }).notNull().default(0),
});
