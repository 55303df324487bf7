import { join } from "node:path";
import { countUsers, listCollections, migrateDatabase } from "#db/index.ts";
import { ingestSamples } from "#ingest/index.ts";
import { addUserWithPassword } from "#lib/auth/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import { type Env, readEnv } from "#lib/env.ts";
import { openEmbeddedPostgres } from "#lib/storage/embedded/index.ts";
import { runCommand, say, step } from "#lib/terminal.ts";
import { buildAll, buildModel } from "./build-application.ts";
import { startServer } from "./server.ts";
import { keepWorker } from "./worker-process.ts";

const adminEmail = "admin@probatum.local";

/** Sets up whatever is missing, serves until a signal comes, then closes everything in order. */
async function start(isDevelopment: boolean): Promise<number> {
  const env = readEnv();
  const signal = abortOnSignal();
  say("Probatum\n");
  await (isDevelopment ? buildModel() : buildAll(signal));
  signal.throwIfAborted();
  const embedded = env.DATABASE_URL
    ? null
    : await step("embedded Postgres", () => openEmbeddedPostgres(join(env.dataDirectory, "postgres")));
  try {
    if (embedded && !embedded.isOwner) {
      throw new Error(`Another Probatum is running on ${env.dataDirectory}. Stop it, or choose another DATA_DIR.`);
    }
    await setUp(env, signal);
    const server = await step("server", () => startServer(env, isDevelopment, signal));
    const worker = env.INGEST_WORKER === "on" ? keepWorker(env) : null;
    say(`\n  Ready at ${server.address}\n\n  Ctrl-C stops.`);
    const code = await Promise.race([untilAborted(signal), server.exited]);
    say("\nClosing …");
    await Promise.all([server.stop(), worker?.stop()]);
    return code;
  } finally {
    await embedded?.close();
    say("Closed.");
  }
}

/** Migrations, sample collections, first administrator: each only when it is missing. */
async function setUp(env: Env, signal: AbortSignal): Promise<void> {
  const deps = await step("database", () => openDeps(env, (url) => migrateDatabase(url)));
  try {
    if (env.SAMPLE_COLLECTIONS === "on" && (await needsSamples(deps))) {
      const describe = ({ read, chunks }: { read: number; chunks: number }) => `${read} documents, ${chunks} chunks`;
      await step("sample collections", () => ingestSamples(deps, signal), describe);
    }
    const administrator = { email: adminEmail, name: "Administrator", role: "owner", onlyFirst: true };
    const password = await addUserWithPassword(deps, administrator);
    if (password) sayPassword(password);
  } finally {
    await deps.close();
  }
}

// A first start that was interrupted has no administrator yet: what is missing of the samples is then added.
async function needsSamples(deps: Deps): Promise<boolean> {
  const collections = await listCollections(deps.database, null);
  if (collections.every(({ documentCount }) => documentCount === 0)) return true;
  const hasOnlySamples = collections.every(({ documentCount, sampleCount }) => documentCount === sampleCount);
  return hasOnlySamples && (await countUsers(deps.database)) === 0;
}

function sayPassword(password: string): void {
  say("\n  The first administrator was created. This password is shown only now:");
  say(`    e-mail    ${adminEmail}`);
  say(`    password  ${password}\n`);
}

function abortOnSignal(): AbortSignal {
  const abort = new AbortController();
  const stop = () => abort.abort(new Error("Stopped."));
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, stop);
  return abort.signal;
}

function untilAborted(signal: AbortSignal): Promise<number> {
  if (signal.aborted) return Promise.resolve(0);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(0), { once: true }));
}

await runCommand(async () => {
  const code = await start(process.argv.includes("--dev"));
  setTimeout(() => process.exit(code), 2_000).unref();
  return code;
});
