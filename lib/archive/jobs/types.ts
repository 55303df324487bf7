import type { JobProgress } from "#db/index.ts";
import type { Deps } from "../../deps.ts";

export type JobDeps = Pick<Deps, "database" | "objects" | "env" | "log">;

/** Some of a file, and how far the work is once it is kept. */
export interface Portion {
  text: string;
  cursor: unknown;
  /** Added to what is counted so far. */
  conversations?: number;
  messages?: number;
  refused?: { id: string; why: string }[];
  total?: number;
}

/** One kind of work: goes on from a saved cursor, null at its beginning. Whatever it throws that is a ProbatumError ends the job with its words; anything else has it tried again. */
export type JobWork = (cursor: unknown) => AsyncGenerator<Portion>;

export type { JobProgress };
