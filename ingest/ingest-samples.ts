import type { IngestCounts } from "#db/index.ts";
import type { Deps } from "#lib/deps.ts";
import { defineCollection } from "./define-collection.ts";
import { ingest } from "./pipeline.ts";
import { sampleCollections } from "./samples/index.ts";

/**
 * Fills the five collections with the sample documents, each marked as one.
 * @throws Error when a sample cannot be read: they are ours, so none may fail
 */
export async function ingestSamples(
  deps: Pick<Deps, "database" | "embeddingsOf" | "objects" | "log">,
  signal?: AbortSignal,
): Promise<IngestCounts> {
  const total: IngestCounts = { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0, chunks: 0 };
  for (const { slug, path } of sampleCollections) {
    const collection = await defineCollection(deps, slug);
    const counts = await ingest(deps, {
      collection,
      paths: [path],
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
