import type { IngestCounts, RunPosition, RunRow } from "#db/index.ts";
import type { Deps } from "#lib/deps.ts";
import type { Patience } from "../pipeline/outage.ts";
import type { Tally } from "../pipeline/tally.ts";
import type { SourceOptions } from "../sources/index.ts";
import type { RecordFailure } from "../types.ts";

export type RunDeps = Pick<Deps, "database" | "embeddingsOf" | "objects" | "log" | "env">;

export interface RunOptions {
  /** Names who carries the run out, e.g. `host:pid`. */
  worker?: string;
  signal?: AbortSignal;
  patience?: Patience;
  /** Milliseconds between two signs of life. */
  beatMs?: number;
  /** How sources are asked; only tests change it. */
  sourceOptions?: SourceOptions;
  /** Called with every sign of life, and when something begins. */
  onProgress?: (counts: IngestCounts, position: RunPosition) => void;
  /** Called for every record that could not be taken in. */
  onFailure?: (failure: RecordFailure) => void;
  /** Called for every file in a folder that has none of the source's endings. */
  onSkipped?: (file: string) => void;
}

/** What the kinds of runs are given. */
export interface RunWork {
  run: RunRow;
  /** Inputs finished by earlier attempts. */
  finished: ReadonlyMap<string, IngestCounts>;
  tally: Tally;
  position: RunPosition;
  signal: AbortSignal;
  note: (text: string) => void;
  options: RunOptions;
}
