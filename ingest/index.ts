/** The record's way: sources in, documents, chunks, vectors and originals out. */
export { defineCollection } from "./define-collection.ts";
export { type IngestOptions, ingest } from "./ingest.ts";
export { ingestSamples } from "./ingest-samples.ts";
export { executeRun, type RunDeps, type RunOptions } from "./run.ts";
export type { RecordFailure } from "./types.ts";
