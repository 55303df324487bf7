import type { CollectionRow, NewDocument } from "#db/index.ts";
import type { Deps } from "#lib/deps.ts";
import type { RecordFailure, SourceInput } from "../types.ts";
import type { RecordGroup } from "./groups.ts";
import { type Patience, throughOutages } from "./outage.ts";
import type { Tally } from "./tally.ts";

export type PipelineDeps = Pick<Deps, "database" | "embeddingsOf" | "objects" | "log">;

export interface PipelineJob {
  collection: CollectionRow;
  /** Inputs as they become available, with failures of the source itself in between. */
  inputs: AsyncIterable<SourceInput | RecordFailure>;
  tally: Tally;
  /** Says what would change, and writes nothing. */
  dryRun: boolean;
  patience: Patience;
  signal: AbortSignal;
  /** Records that could not be taken in, in order, before their input is finished; must be kept when it returns. */
  keepFailures(failures: { failure: RecordFailure; input: SourceInput | null }[]): Promise<void>;
  /** All of an input's records are dealt with. */
  finishInput(input: SourceInput): Promise<void>;
  /** One line for whoever watches. */
  note(text: string): void;
  onInput(input: SourceInput): void;
  /** The tally has grown. */
  onWritten(): void;
}

/** A group whose vectors and originals are there: what is left is to write it. */
export interface PreparedGroup {
  group: RecordGroup;
  /** Chunks of each new or changed document, by source id. */
  changed: Map<string, number>;
  /** The same documents ready to be stored; none in a dry run. */
  documents: NewDocument[];
  /** Source ids of the group's documents that are stored already. */
  known: Set<string>;
  /** Source ids to remove that are stored. */
  leaving: Set<string>;
  reused: number;
}

/** Does a step of a job again while a backend it needs is away. */
export function retrying<T>(job: PipelineJob, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return throughOutages(work, { patience: job.patience, signal, onWait: job.note });
}
