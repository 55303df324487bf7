/** The record's way: sources in, documents, chunks, vectors and originals out. */
export { defineCollection } from "./define-collection.ts";
export { ingestSamples } from "./ingest-samples.ts";
export { type IngestOptions, ingest } from "./runs/ingest.ts";
export { executeRun } from "./runs/run.ts";
export type { RunDeps, RunOptions } from "./runs/types.ts";
export type { RecordFailure } from "./types.ts";
