import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const startupLimit = 180_000;

export interface App {
  address: string;
  email: string;
  password: string;
  /** What the start printed on the terminal. */
  output(): string;
  process: ChildProcess;
  directory: string;
  /** As Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Removes the data. */
  remove(): Promise<void>;
}

/** The application as a newcomer starts it: `npm start`'s command on a data directory and a port of its own. */
export async function startApp(env: Record<string, string> = {}, directory?: string): Promise<App> {
  const data = directory ?? (await mkdtemp(join(tmpdir(), "probatum-e2e-")));
  const port = await freePort();
  let output = "";
  const child = spawn(process.execPath, ["cli/launch.mjs", "cli/start.ts"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...embeddedOnly(), DATA_DIR: data, PORT: String(port), LOG_LEVEL: "warn", ...env },
  });
  const isReady = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no start within ${startupLimit / 1000} s:\n${output}`)),
      startupLimit,
    );
    const read = (data: Buffer) => {
      output += data;
      if (!/Ctrl-C stops/.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`the start ended with code ${code}:\n${output}`)));
  });
  await isReady;
  return {
    address: `http://localhost:${port}`,
    email: /e-mail\s+(\S+)/.exec(output)?.[1] ?? "",
    password: /password\s+(\S+)\n/.exec(output)?.[1] ?? "",
    output: () => output,
    process: child,
    directory: data,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        child.kill("SIGINT");
        await exited;
      }
      return child.exitCode;
    },
    remove: () => rm(data, { recursive: true, force: true }),
  };
}

// These tests are of the embedded default: addresses of real services in the environment are not for them.
function embeddedOnly(): NodeJS.ProcessEnv {
  const { DATABASE_URL, REDIS_URL, S3_ENDPOINT, OBJECT_STORE, OPENAI_API_KEY, OPENAI_BASE_URL, ...env } = process.env;
  return env;
}

function freePort(): Promise<number> {
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
