import type { ParsedDocument } from "./types.ts";

/** Records a batch: large enough for full embedding batches, small enough for short transactions. */
const recordLimit = 64;
const characterLimit = 400_000;
/** Originals wait in memory for their batch: PDFs may have tens of megabytes each. */
const originalByteLimit = 32 * 1024 * 1024;

export type BatchItem = { kind: "document"; document: ParsedDocument } | { kind: "deletion"; sourceIds: string[] };

/**
 * Groups records for one transaction each. A source id comes once in a batch and a deletion never shares one with what
 * it deletes, so that batches have the same effect as their records one by one.
 */
export class Batcher {
  #documents = new Map<string, ParsedDocument>();
  #removals = new Set<string>();
  #characters = 0;
  #originalBytes = 0;

  /** True when the item does not fit into the batch as it stands: take it out first. */
  isFullFor(item: BatchItem): boolean {
    if (this.#documents.size >= recordLimit || this.#characters >= characterLimit) return true;
    if (this.#originalBytes >= originalByteLimit) return true;
    const ids = item.kind === "document" ? [item.document.sourceId] : item.sourceIds;
    return ids.some((id) => this.#documents.has(id) || this.#removals.has(id));
  }

  add(item: BatchItem): void {
    if (item.kind === "deletion") {
      for (const id of item.sourceIds) this.#removals.add(id);
      return;
    }
    this.#documents.set(item.document.sourceId, item.document);
    this.#characters += item.document.text.length;
    this.#originalBytes += item.document.original.bytes.length;
  }

  take(): { documents: ParsedDocument[]; removals: string[] } {
    const batch = { documents: [...this.#documents.values()], removals: [...this.#removals] };
    this.#documents = new Map();
    this.#removals = new Set();
    this.#characters = 0;
    this.#originalBytes = 0;
    return batch;
  }
}
