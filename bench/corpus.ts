import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CollectionRow } from "#db/index.ts";
import { defineCollection, ingest } from "#ingest/index.ts";
import type { Deps } from "#lib/deps.ts";
import type { GeneratedDocument } from "./text.ts";

/**
 * Takes documents in by the application's own ingest, into a new collection.
 * @param deps with the embeddings to use
 * @throws Error when not every document became exactly one chunk, since then chunks a second compare with nothing
 */
export async function ingestGenerated(deps: Deps, slug: string, documents: GeneratedDocument[]) {
  const folder = await mkdtemp(join(tmpdir(), "probatum-corpus-"));
  try {
    const file = join(folder, "corpus.jsonl");
    await writeFile(file, documents.map((document) => `${JSON.stringify(document)}\n`).join(""));
    const collection = await defineCollection(deps, slug, "beir");
    const started = performance.now();
    const counts = await ingest(deps, { collection, request: { kind: "files", paths: [file] } });
    const seconds = (performance.now() - started) / 1000;
    if (counts.added !== documents.length || counts.chunks !== documents.length) {
      throw new Error(`${documents.length} documents became ${counts.added} and ${counts.chunks} chunks.`);
    }
    const filled: CollectionRow = await defineCollection(deps, slug);
    return { collection: filled, chunksPerSecond: documents.length / seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
