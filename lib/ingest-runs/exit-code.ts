import type { RunRow } from "#db/index.ts";

/** What a command says of a run to whoever scripts it: 0 done, 2 some records failed, 3 paused or cancelled, 1 not done. */
export function runExitCode({ status, failed }: Pick<RunRow, "status" | "failed">): number {
  if (status === "complete") return failed > 0 ? 2 : 0;
  return status === "paused" || status === "cancelled" ? 3 : 1;
}
