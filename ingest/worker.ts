import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { workOnArchive } from "#lib/archive/index.ts";
import { openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { work } from "./runs/work.ts";

const usage = `usage: npm run worker

Carries out the runs that people, schedules and “npm run ingest -- --detach” ask for, and the archive's exports and
changes, until SIGTERM or Ctrl-C; what it is at then goes back to the queue at its checkpoint. As many may run as wanted,
on any machines that reach the same Postgres and object store. INGEST_CONCURRENCY: runs at once in one worker (default 1), each of another collection.
Exit codes: 0 stopped by a signal, 1 error.`;

const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });

await runCommand(async () => {
  if (values.help) {
    say(usage);
    return 0;
  }
  const env = readEnv();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => stop.abort(new Error("The worker was stopped; the run goes back to the queue.")));
  }
  const deps = await openDeps(env, migrateDatabase);
  try {
    const { signal } = stop;
    const runs = work(deps, { concurrency: env.INGEST_CONCURRENCY, signal });
    const archive = workOnArchive(deps, { signal });
    // When one of them ends, so does the other.
    const ended = [runs, archive].map((one) => one.finally(() => stop.abort()));
    for (const one of await Promise.allSettled(ended)) if (one.status === "rejected") throw one.reason;
    return 0;
  } finally {
    await deps.close();
  }
});
