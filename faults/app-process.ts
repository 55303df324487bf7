import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const startupLimit = 300_000;

/** One application as `npm start` runs it: a supervisor and the server it keeps. */
export interface AppProcess {
  port: number;
  address: string;
  output(): string;
  /** The serving process under the supervisor (Linux). */
  serverPid(): number;
  /** SIGKILL to supervisor and server at once: no farewell. */
  kill(): Promise<void>;
  /** As Ctrl-C does. */
  stop(): Promise<void>;
}

/** Starts our own start command with this environment and waits until it is ready. */
export async function startProcess(env: Record<string, string>, port: number): Promise<AppProcess> {
  let output = "";
  const child = spawn(process.execPath, ["cli/launch.mjs", "cli/start.ts"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, to be killed whole
    env: { ...plainEnvironment(), ...env, PORT: String(port) },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("the application could not be started");
  const exited = once(child, "exit");
  const end = async (signal: "SIGKILL" | "SIGINT") => {
    try {
      // Ctrl-C in a terminal reaches the whole group as well; here only the supervisor, which hands it on.
      process.kill(signal === "SIGKILL" ? -pid : pid, signal);
    } catch {
      return; // it is gone
    }
    await exited;
  };
  const killOnExit = () => {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // it is gone
    }
  };
  process.once("exit", killOnExit);
  exited.then(() => process.off("exit", killOnExit));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      killOnExit();
      reject(new Error(`no start within ${startupLimit / 1000} s:\n${output}`));
    }, startupLimit);
    const read = (data: Buffer) => {
      output = (output + data).slice(-20_000);
      if (!/Ctrl-C stops/.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`the application ended with code ${code}:\n${output}`));
    });
  });
  return {
    port,
    address: `http://127.0.0.1:${port}`,
    output: () => output,
    serverPid: () => childOf(pid, /server\.js|next-server/),
    kill: () => end("SIGKILL"),
    stop: () => end("SIGINT"),
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

function childOf(parent: number, command: RegExp): number {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // Next.js gives its process a name of its own, in place of the command line it was started with.
      if (!command.test(readFileSync(`/proc/${name}/cmdline`, "utf8"))) continue;
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      if (isDescendant(Number(/PPid:\s+(\d+)/.exec(status)?.[1]), parent)) return Number(name);
    } catch {
      // it ended while we looked
    }
  }
  throw new Error("the serving process was not found");
}

function isDescendant(of: number, ancestor: number): boolean {
  for (let pid = of; pid > 1; ) {
    if (pid === ancestor) return true;
    pid = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  }
  return false;
}

// What the caller's shell holds for another application is not for these.
function plainEnvironment(): NodeJS.ProcessEnv {
  const { DATABASE_URL, REDIS_URL, S3_ENDPOINT, OBJECT_STORE, OPENAI_API_KEY, OPENAI_BASE_URL, ...env } = process.env;
  return env;
}
