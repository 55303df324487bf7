import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Env } from "#lib/env.ts";
import { log } from "#lib/log.ts";
import { ingestFlags } from "./ingest-flags.mjs";

const root = join(import.meta.dirname, "..");
const shutdownLimit = 15_000;
/** Milliseconds before a worker that died is started again, doubled with every death until one has lived a minute. */
const restart = { first: 1_000, longest: 60_000, healthyAfter: 60_000 };

export interface WorkerKeeper {
  /** Lets the worker put what it is at back into the queue, within limits. */
  stop(): Promise<void>;
}

/**
 * Runs an ingest worker beside the server, in a process of its own: what a hostile file can do to it, the server does
 * not feel. It ends with this process, and is started again when it dies.
 * @param script for tests
 */
export function keepWorker(env: Env, script = join(root, "ingest/worker.ts"), delays = restart): WorkerKeeper {
  const stopping = new AbortController();
  let child: ChildProcess | null = null;
  const keeping = keep();

  async function keep(): Promise<void> {
    let delay = delays.first;
    while (!stopping.signal.aborted) {
      const started = Date.now();
      child = startWorker(env, script);
      const [code, signal] = await once(child, "exit");
      if (stopping.signal.aborted) return;
      if (Date.now() - started >= delays.healthyAfter) delay = delays.first;
      log.warn({ code, signal, restartInMs: delay }, "the ingest worker ended; it is started again");
      await wait(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      delay = Math.min(delays.longest, delay * 2);
    }
  }

  return {
    stop: async () => {
      stopping.abort();
      child?.kill("SIGTERM");
      const isGone = await Promise.race([keeping.then(() => true), wait(shutdownLimit, false, { ref: false })]);
      if (!isGone) child?.kill("SIGKILL");
      await keeping;
    },
  };
}

function startWorker(env: Env, script: string): ChildProcess {
  const options = [...ingestFlags, "--import", join(root, "cli/exit-with-parent.mjs")];
  const child = spawn(process.execPath, [...options, script], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, DATA_DIR: env.dataDirectory, MODELS_DIR: env.modelsDirectory, PROBATUM_ROOT: root },
  });
  // Questions come first on a machine that does both.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return child;
}
