/** The record's way: files in, documents, chunks, vectors and originals out. */
export { defineCollection } from "./define-collection.ts";
export { ingestSamples } from "./ingest-samples.ts";
export { type IngestOptions, ingest } from "./pipeline.ts";
export type { RecordFailure } from "./types.ts";
