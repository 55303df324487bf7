import { sql } from "drizzle-orm";
import { bigint, bigserial, index, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { tenants } from "./accounts.ts";
import { bytea } from "./columns.ts";
import { collections } from "./corpus.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** One run of the ingest command or worker. */
export const ingestRuns = pgTable(
  "ingest_runs",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    status: text("status", { enum: ["running", "complete", "failed", "interrupted"] }).notNull(),
    inputs: jsonb("inputs").notNull(),
    read: integer("read").notNull().default(0),
    added: integer("added").notNull().default(0),
    updated: integer("updated").notNull().default(0),
    unchanged: integer("unchanged").notNull().default(0),
    deleted: integer("deleted").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    chunks: integer("chunks").notNull().default(0),
    error: text("error"),
    startedAt: at("started_at").notNull().defaultNow(),
    finishedAt: at("finished_at"),
  },
  (table) => [index("ingest_runs_collection_time").on(table.collectionId, table.startedAt)],
);

/** Every record that could not be taken in, with where it stands and why. */
export const ingestFailures = pgTable(
  "ingest_failures",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    runId: uuid("run_id")
      .notNull()
      .references(() => ingestRuns.id, { onDelete: "cascade" }),
    file: text("file").notNull(),
    record: integer("record"),
    byteOffset: bigint("byte_offset", { mode: "number" }),
    sourceId: text("source_id"),
    code: text("code").notNull(),
    reason: text("reason").notNull(),
  },
  (table) => [index("ingest_failures_run").on(table.runId)],
);

/** Append-only (a trigger refuses updates and deletes) and hash-chained by tenant (a trigger computes both hashes). */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    tenantId: uuid("tenant_id").references(() => tenants.id),
    actorId: text("actor_id").notNull(),
    action: text("action").notNull(),
    subjectType: text("subject_type").notNull(),
    subjectId: text("subject_id").notNull(),
    details: jsonb("details").notNull().default({}),
    occurredAt: at("occurred_at").notNull().defaultNow(),
    previousHash: bytea("previous_hash"),
    hash: bytea("hash"),
  },
  (table) => [index("audit_log_tenant_time").on(table.tenantId, table.occurredAt)],
);
