import { z } from "zod";
import { sourceTypes } from "../domain.ts";
import { sourceRequest } from "./source-request.ts";

export const runStatuses = ["queued", "running", "paused", "complete", "failed", "interrupted", "cancelled"] as const;
export type RunStatus = (typeof runStatuses)[number];

/** What a run that re-embeds is asked for. */
export const reembedRequest = z.strictObject({
  provider: z.string().min(1),
  model: z.string().min(1),
  dimensions: z.number().int().min(1).max(4000),
});
export type ReembedRequest = z.infer<typeof reembedRequest>;

/** Times are ISO 8601 in UTC. */
export const runView = z.object({
  id: z.string(),
  collection: z.string(),
  kind: z.enum(["ingest", "embed"]),
  status: z.enum(runStatuses),
  /** What was asked of a run at work that it has not done yet. */
  wanted: z.enum(["pause", "cancel"]).nullable(),
  /** A SourceRequest of an `ingest` run, a ReembedRequest of an `embed` run. */
  request: z.unknown(),
  /** The request in one line for a person. */
  requestText: z.string(),
  isSample: z.boolean(),
  dryRun: z.boolean(),
  trigger: z.enum(["command", "person", "schedule", "upload", "retry"]),
  requestedBy: z.string().nullable(),
  scheduleId: z.string().nullable(),
  retryOf: z.string().nullable(),
  worker: z.string().nullable(),
  attempts: z.number().int(),
  position: z.object({ input: z.string().optional(), note: z.string().optional() }),
  read: z.number().int(),
  added: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  deleted: z.number().int(),
  failed: z.number().int(),
  /** Failed records that no later run has taken in. */
  unresolved: z.number().int(),
  chunks: z.number().int(),
  reused: z.number().int(),
  marked: z.number().int(),
  error: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  heartbeatAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** What may be done with it now. */
  actions: z.array(z.enum(["pause", "resume", "cancel", "retry"])),
});
export type RunView = z.infer<typeof runView>;

export const progressPoint = z.object({
  at: z.string(),
  read: z.number().int(),
  chunks: z.number().int(),
  failed: z.number().int(),
  /** Records and chunks a second since the point before; 0 at the first. */
  recordsPerSecond: z.number(),
  chunksPerSecond: z.number(),
});
export type ProgressPoint = z.infer<typeof progressPoint>;

/** A second's records and chunks: over the whole run, and over its last two minutes. Null before there is a measure. */
export const rates = z.object({
  recordsPerSecond: z.number().nullable(),
  chunksPerSecond: z.number().nullable(),
  recentRecordsPerSecond: z.number().nullable(),
  recentChunksPerSecond: z.number().nullable(),
});

export const runDetail = runView.extend({ progress: z.array(progressPoint), rates });
export type RunDetail = z.infer<typeof runDetail>;

export const runPage = z.object({
  runs: z.array(runView),
  total: z.number().int(),
  limit: z.number(),
  offset: z.number(),
});
export type RunPage = z.infer<typeof runPage>;

export const failureView = z.object({
  id: z.number().int(),
  file: z.string(),
  /** The record's number in its file, 1-based. */
  record: z.number().int().nullable(),
  byteOffset: z.number().nullable(),
  sourceId: z.string().nullable(),
  code: z.string(),
  reason: z.string(),
  occurredAt: z.string(),
  /** The run that took the record in after all. */
  resolvedBy: z.string().nullable(),
});
export type FailureView = z.infer<typeof failureView>;

export const failurePage = z.object({
  failures: z.array(failureView),
  total: z.number().int(),
  limit: z.number(),
  offset: z.number(),
});
export type FailurePage = z.infer<typeof failurePage>;

/** A file of an upload, and what a run has made of it. */
export const uploadedFileView = z.object({
  key: z.string(),
  name: z.string(),
  size: z.number(),
  /** `unchanged`: the collection holds the very same already. `unread`: the run has ended before it. */
  result: z.enum(["waiting", "added", "updated", "unchanged", "failed", "unread"]),
  /** Why it failed. */
  reason: z.string().nullable(),
});
export type UploadedFileView = z.infer<typeof uploadedFileView>;

export const spaceView = z.object({
  id: z.number().int(),
  state: z.enum(["filling", "active", "retired"]),
  provider: z.string(),
  model: z.string(),
  dimensions: z.number().int(),
  /** Vectors it has, and how many of them are not under the index yet. */
  vectors: z.number().int(),
  tail: z.number().int(),
  /** Chunks of the collection that it has no vector for: 0 means it may be activated. */
  missing: z.number().int(),
  /** Mean recall@10 of the index against exact search, when it was last checked. */
  recall: z.number().nullable(),
  bytes: z.number(),
  createdAt: z.string(),
  activatedAt: z.string().nullable(),
});
export type SpaceView = z.infer<typeof spaceView>;

export const scheduleView = z.object({
  id: z.string(),
  collection: z.string(),
  request: sourceRequest,
  requestText: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  enabled: z.boolean(),
  /** The next time it is due; null while it is disabled. */
  nextAt: z.string().nullable(),
  lastRun: z.object({ id: z.string(), status: z.enum(runStatuses), createdAt: z.string() }).nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ScheduleView = z.infer<typeof scheduleView>;

export const adminCollectionView = z.object({
  slug: z.string(),
  title: z.string(),
  sourceType: z.enum(sourceTypes),
  /** False for a known collection that nothing has been put into yet; it is made by the first run. */
  exists: z.boolean(),
  documents: z.number().int(),
  chunks: z.number().int(),
  samples: z.number().int(),
  /** Chunks, index and vectors, in tables of its own. */
  bytes: z.number(),
  /** Its share of the documents' table, estimated. */
  documentBytes: z.number(),
  /** Publication date of the newest document. */
  through: z.string().nullable(),
  lastCompleteRun: z.object({ id: z.string(), finishedAt: z.string() }).nullable(),
  embedding: reembedRequest,
  spaces: z.array(spaceView),
  /** The run at work, or the next that waits. */
  openRun: runView.nullable(),
  schedules: z.array(scheduleView),
  /** The tenant's own: nobody else sees it. */
  isPrivate: z.boolean(),
  /** False for a shared one that another keeps. */
  mayChange: z.boolean(),
});
export type AdminCollectionView = z.infer<typeof adminCollectionView>;
