import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { tenants, users } from "./accounts.ts";
import { bytea } from "./columns.ts";
import { collections } from "./corpus.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** One run of the ingest, asked for by a command, a person or a schedule and carried out by a worker or the command. */
export const ingestRuns = pgTable(
  "ingest_runs",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    /** `ingest` takes records in; `embed` fills a new embedding space from stored text. */
    kind: text("kind", { enum: ["ingest", "embed"] })
      .notNull()
      .default("ingest"),
    status: text("status", {
      enum: ["queued", "running", "paused", "complete", "failed", "interrupted", "cancelled"],
    }).notNull(),
    /** What somebody asked a running run to do; it does so at its next batch. */
    wanted: text("wanted", { enum: ["pause", "cancel"] }),
    /** Where the records come from, or the wanted embedding settings. */
    request: jsonb("request").notNull(),
    isSample: boolean("is_sample").notNull().default(false),
    /** Says what would change, and writes nothing. */
    dryRun: boolean("dry_run").notNull().default(false),
    trigger: text("trigger", { enum: ["command", "person", "schedule", "upload", "retry"] }).notNull(),
    requestedBy: uuid("requested_by").references(() => users.id, { onDelete: "set null" }),
    scheduleId: uuid("schedule_id"),
    /** The run whose failed records this one reads again. */
    retryOf: uuid("retry_of"),
    /** Host and process that carries it out; whoever is silent for too long has lost it. */
    worker: text("worker"),
    heartbeatAt: at("heartbeat_at"),
    attempts: integer("attempts").notNull().default(0),
    /** What it is at: `{ input, note, bytesRead, bytesTotal }`. */
    position: jsonb("position").notNull().default({}),
    read: integer("read").notNull().default(0),
    added: integer("added").notNull().default(0),
    updated: integer("updated").notNull().default(0),
    unchanged: integer("unchanged").notNull().default(0),
    deleted: integer("deleted").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    chunks: integer("chunks").notNull().default(0),
    /** Chunks whose vector was found by content hash instead of being made. */
    reused: integer("reused").notNull().default(0),
    /** Documents whose status another record changed. */
    marked: integer("marked").notNull().default(0),
    error: text("error"),
    createdAt: at("created_at").notNull().defaultNow(),
    startedAt: at("started_at"),
    finishedAt: at("finished_at"),
  },
  (table) => [
    index("ingest_runs_collection_time").on(table.collectionId, table.createdAt),
    index("ingest_runs_open").on(table.status).where(sql`status in ('queued', 'running', 'paused')`),
  ],
);

/** Inputs that a run has taken in whole, with their counts: a resumed run does not open them again. */
export const ingestCheckpoints = pgTable(
  "ingest_checkpoints",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => ingestRuns.id, { onDelete: "cascade" }),
    input: text("input").notNull(),
    counts: jsonb("counts").notNull(),
    finishedAt: at("finished_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.input] })],
);

/** How far a source of a collection has been read, for the next run of the same request. */
export const sourceCursors = pgTable(
  "source_cursors",
  {
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    /** The request, as canonical JSON. */
    source: text("source").notNull(),
    cursor: jsonb("cursor").notNull(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.collectionId, table.source] })],
);

/** How far a run was at a time; the plot of its rate. */
export const ingestProgress = pgTable(
  "ingest_progress",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => ingestRuns.id, { onDelete: "cascade" }),
    at: at("at").notNull().defaultNow(),
    read: integer("read").notNull(),
    chunks: integer("chunks").notNull(),
    failed: integer("failed").notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.at] })],
);

/** When a collection's source is read again. */
export const ingestSchedules = pgTable(
  "ingest_schedules",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    request: jsonb("request").notNull(),
    /** Five fields: minute, hour, day of month, month, day of week. */
    cron: text("cron").notNull(),
    timeZone: text("time_zone").notNull().default("UTC"),
    enabled: boolean("enabled").notNull().default(true),
    createdBy: uuid("created_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [index("ingest_schedules_collection").on(table.collectionId)],
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
    /** The input it came from, by the key its source gives it; null for what is no record's fault. */
    input: text("input"),
    occurredAt: at("occurred_at").notNull().defaultNow(),
    /** The run that took the record in after all. */
    resolvedBy: uuid("resolved_by").references(() => ingestRuns.id, { onDelete: "set null" }),
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
