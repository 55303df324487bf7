import { setTimeout as wait } from "node:timers/promises";
import cliProgress from "cli-progress";
import type { Deps } from "#lib/deps.ts";
import { getRun, type RunView, system } from "#lib/ingest-runs/index.ts";
import { say } from "#lib/terminal.ts";
import { printJson } from "./output.ts";

const pollMs = 1_000;

/**
 * Shows how far a run is until it has ended or is paused: a bar on a terminal, else a line for every change.
 * A run cut off is waited for as long as a worker will go on with it.
 */
export async function watchRun(deps: Pick<Deps, "database">, id: string, isJson: boolean): Promise<RunView> {
  const bar = isJson || !process.stderr.isTTY ? null : startBar();
  let last = "";
  try {
    for (;;) {
      const { progress: _, rates, ...run } = await getRun(deps, system, id);
      const { status, read, chunks, failed, wanted, position } = run;
      const at = position.note ?? position.input?.split("/").at(-1) ?? "";
      bar?.update(read, { status, chunks, failed, at, rate: rates.recentChunksPerSecond ?? 0 });
      const seen = JSON.stringify([status, wanted, read, chunks, failed, at]);
      if (!bar && seen !== last) {
        if (isJson) printJson({ run: id, status, wanted, read, chunks, failed, at, rates, error: run.error });
        else say(`${status}: ${read} records, ${chunks} chunks, ${failed} failed${at ? ` · ${at}` : ""}`);
      }
      last = seen;
      if (hasEnded(run)) {
        bar?.stop();
        if (bar) say(`${status}: ${read} records, ${chunks} chunks, ${failed} failed`);
        if (run.error && !isJson) say(run.error);
        return run;
      }
      await wait(pollMs);
    }
  } finally {
    bar?.stop();
  }
}

function hasEnded({ status, trigger }: RunView): boolean {
  if (status === "interrupted") return trigger === "command"; // no worker takes up a command's own run
  return status !== "queued" && status !== "running";
}

function startBar() {
  const format =
    " {status} · {value} records · {chunks} chunks · {rate} chunks/s · {failed} failed · {duration_formatted} · {at}";
  const bar = new cliProgress.SingleBar({ format, clearOnComplete: true, hideCursor: true, stream: process.stderr });
  bar.start(0, 0, { status: "", chunks: 0, rate: 0, failed: 0, at: "" });
  return bar;
}
