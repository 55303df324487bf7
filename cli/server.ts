import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Env } from "#lib/env.ts";

const root = join(import.meta.dirname, "..");
const startupLimit = 60_000;
const shutdownLimit = 15_000;

export interface Server {
  address: string;
  /** The server's exit code, when it ends by itself. */
  exited: Promise<number>;
  /** Lets requests under way finish, within limits. */
  stop(): Promise<void>;
}

/** Starts the built application (or Next's development server) as a child and waits until it is healthy. */
export async function startServer(env: Env, isDevelopment: boolean, signal: AbortSignal): Promise<Server> {
  const address = `http://${env.HOST === "0.0.0.0" || env.HOST === "127.0.0.1" ? "localhost" : env.HOST}:${env.PORT}`;
  const script = isDevelopment
    ? [join(root, "node_modules/next/dist/bin/next"), "dev", "--port", String(env.PORT), "--hostname", env.HOST]
    : ["--import", join(root, "cli/exit-with-parent.mjs"), join(root, ".next/standalone/server.js")];
  const child = spawn(process.execPath, script, {
    cwd: root,
    // Next.js announces itself on standard output; the log and every error go to standard error.
    stdio: ["ignore", isDevelopment ? "inherit" : "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      NODE_ENV: isDevelopment ? "development" : "production",
      NEXT_TELEMETRY_DISABLED: "1",
      PORT: String(env.PORT),
      HOSTNAME: env.HOST,
      PROBATUM_ROOT: root,
      DATA_DIR: env.dataDirectory,
      MODELS_DIR: env.modelsDirectory,
    },
  });
  const exited = once(child, "exit").then(([code]) => (code as number | null) ?? 1);
  const server = {
    address,
    exited,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const isGone = await Promise.race([exited.then(() => true), wait(shutdownLimit, false, { ref: false })]);
      if (!isGone) child.kill("SIGKILL");
      await exited;
    },
  };
  try {
    await Promise.race([untilHealthy(env, signal), exited.then(refuse)]);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function untilHealthy(env: Env, signal: AbortSignal): Promise<void> {
  const host = env.HOST === "0.0.0.0" ? "127.0.0.1" : env.HOST;
  const deadline = Date.now() + startupLimit;
  let last = "it does not answer";
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`http://${host}:${env.PORT}/api/health`, { signal: AbortSignal.timeout(10_000) });
      if (response.ok) return;
      last = await response.text();
    } catch (error) {
      last = (error as Error).message;
    }
    await wait(100);
  }
  throw new Error(`The server did not become healthy within ${startupLimit / 1000} s: ${last}`);
}

function refuse(code: number): never {
  throw new Error(
    `The server ended with code ${code} before it was ready. Is its port taken? Choose another with PORT.`,
  );
}
