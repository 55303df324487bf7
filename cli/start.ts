import { join } from "node:path";
import { listCollections, migrateDatabase } from "#db/index.ts";
import { ingestSamples } from "#ingest/index.ts";
import { addUserWithPassword } from "#lib/auth/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import { type Env, readEnv } from "#lib/env.ts";
import { openEmbeddedPostgres } from "#lib/storage/embedded/index.ts";
import { runCommand, say, step } from "#lib/terminal.ts";
import { buildAll, buildModel } from "./build-application.ts";
import { startServer } from "./server.ts";

const adminEmail = "admin@probatum.local";

/** Sets up whatever is missing, serves until a signal comes, then closes everything in order. */
async function start(isDevelopment: boolean): Promise<number> {
  const env = readEnv();
  say("Probatum\n");
  const stopped = waitForSignal();
  await (isDevelopment ? buildModel() : buildAll());
  const embedded = env.DATABASE_URL
    ? null
    : await step("embedded Postgres", () => openEmbeddedPostgres(join(env.dataDirectory, "postgres")));
  try {
    if (embedded && !embedded.isOwner) {
      throw new Error(`Another Probatum is running on ${env.dataDirectory}. Stop it, or choose another DATA_DIR.`);
    }
    const password = await setUp(env);
    const server = await step("server", () => startServer(env, isDevelopment));
    sayWelcome(server.address, password);
    const code = await Promise.race([stopped.then(() => 0), server.exited]);
    say("\nClosing …");
    await server.stop();
    return code;
  } finally {
    await embedded?.close();
    say("Closed.");
  }
}

/** Migrations, sample collections, first administrator: each only when it is missing. */
async function setUp(env: Env): Promise<string | null> {
  const deps = await step("database", () => openDeps(env, (url) => migrateDatabase(url)));
  try {
    if (env.SAMPLE_COLLECTIONS === "on") await addSamples(deps);
    return await addUserWithPassword(deps, {
      email: adminEmail,
      name: "Administrator",
      role: "administrator",
      onlyFirst: true,
    });
  } finally {
    await deps.close();
  }
}

async function addSamples(deps: Deps): Promise<void> {
  const collections = await listCollections(deps.database, null);
  if (collections.some(({ documentCount }) => documentCount > 0)) return;
  await step(
    "sample collections",
    () => ingestSamples(deps),
    ({ added, chunks }) => `${added} documents, ${chunks} chunks`,
  );
}

function sayWelcome(address: string, password: string | null): void {
  say(`\n  Ready at ${address}\n`);
  if (password) {
    say("  The first administrator was created. This password is shown only now:");
    say(`    e-mail    ${adminEmail}`);
    say(`    password  ${password}\n`);
  }
  say("  Ctrl-C stops.");
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
  });
}

await runCommand(async () => {
  const code = await start(process.argv.includes("--dev"));
  setTimeout(() => process.exit(code), 2_000).unref();
  return code;
});
