import type { IngestCounts } from "#db/index.ts";
import { defineCollection } from "./define-collection.ts";
import { noCounts } from "./pipeline/tally.ts";
import { ingest } from "./runs/ingest.ts";
import type { RunDeps } from "./runs/types.ts";
import { sampleCollections } from "./samples/index.ts";

/**
 * Fills the five collections with the sample documents, each marked as one.
 * @throws Error when a sample cannot be read: they are ours, so none may fail
 */
export async function ingestSamples(deps: RunDeps, signal?: AbortSignal): Promise<IngestCounts> {
  const total = noCounts();
  for (const { slug, path } of sampleCollections) {
    const collection = await defineCollection(deps, slug);
    const counts = await ingest(deps, {
      collection,
      request: { kind: "files", paths: [path] },
      isSample: true,
      ...(signal && { signal }),
      onFailure: ({ position, reason }) => {
        throw new Error(`sample ${position.file}: ${reason}`);
      },
    });
    for (const key of Object.keys(total) as (keyof IngestCounts)[]) total[key] += counts[key];
  }
  return total;
}
