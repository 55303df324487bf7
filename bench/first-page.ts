import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type BenchRow, median, rowOf } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const rounds = 3;
const startLimit = 15 * 60_000;

/**
 * What a newcomer waits for, over what everyone waits for later: a start with an empty data directory until the
 * sign-in page is there, over a second start on the same data. Always embedded, as without any configuration. A round
 * that had to build the application first is a row of its own.
 */
export async function firstPage(signal?: AbortSignal): Promise<BenchRow[]> {
  const firsts: { seconds: number; isBuilding: boolean }[] = [];
  const seconds: number[] = [];
  for (let round = 0; round < rounds || !firsts.some(({ isBuilding }) => !isBuilding); round += 1) {
    const dataDirectory = await mkdtemp(join(tmpdir(), "probatum-start-"));
    try {
      firsts.push(await startToPage(dataDirectory, signal));
      seconds.push((await startToPage(dataDirectory, signal)).seconds);
    } finally {
      await rm(dataDirectory, { recursive: true, force: true });
    }
  }
  const name = "first npm start to first page from an installed tree";
  const baseline = median(seconds);
  const row = (rowName: string, isBuilding: boolean) => {
    const own = firsts.filter((first) => first.isBuilding === isBuilding).map((first) => first.seconds);
    return own.length > 0 ? [rowOf(rowName, "s", "embedded", { value: median(own), baseline })] : [];
  };
  return [...row(`${name}, building`, true), ...row(name, false)];
}

async function startToPage(dataDirectory: string, signal?: AbortSignal) {
  signal?.throwIfAborted();
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, "cli", "launch.mjs"), "cli/start.ts"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...unconfigured(process.env), DATA_DIR: dataDirectory, PORT: String(port) },
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  try {
    await untilPage(child, `http://127.0.0.1:${port}/sign-in`, signal, () => output);
    return {
      seconds: (performance.now() - started) / 1000,
      isBuilding: output.includes("✓ application build"),
    };
  } finally {
    await stop(child);
  }
}

/** The environment without what would send the start to a server, a store or a model. */
function unconfigured(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const configuration = /^(DATABASE_|REDIS_|S3_|OPENAI_|OBJECT_STORE$|PUBLIC_URL$|AUTH_SECRET$)/;
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const isGone = await Promise.race([exited.then(() => true), wait(60_000, false, { ref: false })]);
  if (!isGone) child.kill("SIGKILL");
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
