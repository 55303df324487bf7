import type { IngestCounts } from "#db/index.ts";
import type { SourceInput } from "../types.ts";

export function noCounts(): IngestCounts {
  return { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0, chunks: 0, reused: 0, marked: 0 };
}

/** What a run has done, by input: an input that is read again after a crash counts once. */
export class Tally {
  readonly #inputs = new Map<string, IngestCounts>();
  readonly #total = noCounts();

  /** @param finished counts of the inputs that were finished before */
  constructor(finished: ReadonlyMap<string, IngestCounts> = new Map()) {
    for (const counts of finished.values()) this.#sum(this.#total, counts);
  }

  get total(): IngestCounts {
    return { ...this.#total };
  }

  add(input: SourceInput | null, change: Partial<IngestCounts>): void {
    this.#sum(this.#total, change);
    if (input) this.#sum(this.of(input), change);
  }

  of(input: SourceInput): IngestCounts {
    const known = this.#inputs.get(input.key) ?? noCounts();
    this.#inputs.set(input.key, known);
    return known;
  }

  /** An input that is finished: its counts stay in the total. */
  forget(input: SourceInput): void {
    this.#inputs.delete(input.key);
  }

  #sum(to: IngestCounts, change: Partial<IngestCounts>): void {
    for (const [name, count] of Object.entries(change)) to[name as keyof IngestCounts] += count;
  }
}
