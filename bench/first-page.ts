import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { type BenchRow, median, rowOf } from "./measure.ts";
import { makeInstalledTree } from "./tree.ts";

const laterStarts = 3;
const startLimit = 15 * 60_000;
const stopLimit = 60_000;

/**
 * What a newcomer waits for once the dependencies are there (building the application and the embedding model, the
 * database, the samples, the server) until the sign-in page comes, over the median of later starts. Measured once,
 * since it takes a build. Always embedded, as without any configuration.
 */
export async function firstPage(signal?: AbortSignal): Promise<BenchRow> {
  const tree = await makeInstalledTree();
  try {
    const value = await startToPage(tree, signal);
    const later: number[] = [];
    while (later.length < laterStarts) later.push(await startToPage(tree, signal));
    const medians = { value, baseline: median(later) };
    return rowOf("first npm start to first page from an installed tree", "s", "embedded", medians);
  } finally {
    await rm(tree, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Seconds from the command to the page. The server is stopped before this returns. */
async function startToPage(tree: string, signal?: AbortSignal): Promise<number> {
  signal?.throwIfAborted();
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, ["cli/launch.mjs", "cli/start.ts"], {
    cwd: tree,
    // A process group of its own, so that a build under way can be ended with it.
    detached: process.platform !== "win32",
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...unconfigured(process.env), PORT: String(port) },
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  try {
    await untilPage(child, `http://127.0.0.1:${port}/sign-in`, signal, () => output);
    return (performance.now() - started) / 1000;
  } finally {
    await stop(child, signal);
  }
}

/** The environment without what would send the start to a server, a store or a model. */
function unconfigured(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const configuration =
    /^(DATABASE_|REDIS_|S3_|OPENAI_|OBJECT_STORE$|DATA_DIR$|MODELS_DIR$|PROBATUM_ROOT$|PUBLIC_URL$|AUTH_SECRET$)/;
  const kept = Object.entries(environment).filter(([name]) => !configuration.test(name));
  return Object.fromEntries(kept) as NodeJS.ProcessEnv;
}

async function untilPage(child: ChildProcess, address: string, signal: AbortSignal | undefined, output: () => string) {
  const deadline = performance.now() + startLimit;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The start ended with code ${child.exitCode}:\n${output().slice(-1500)}`);
    }
    const status = await fetch(address, { signal: AbortSignal.timeout(30_000) }).then(
      async (response) => {
        await response.text();
        return response.status;
      },
      () => null, // not listening yet
    );
    if (status === 200) return;
    await wait(50);
  }
  throw new Error(`No page at ${address} within ${startLimit / 60_000} minutes:\n${output().slice(-1500)}`);
}

/** In order, as Ctrl-C does; with all that it started where the bench is interrupted or the order takes too long. */
async function stop(child: ChildProcess, signal?: AbortSignal): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  if (signal?.aborted) killGroup(child);
  else child.kill("SIGTERM");
  const isGone = await Promise.race([exited.then(() => true), wait(stopLimit, false, { ref: false })]);
  if (!isGone) killGroup(child);
  await exited;
}

function killGroup(child: ChildProcess): void {
  if (process.platform === "win32" || child.pid === undefined) child.kill("SIGKILL");
  else process.kill(-child.pid, "SIGKILL");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
