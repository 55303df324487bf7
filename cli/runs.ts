import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import {
  cancelRun,
  getRun,
  listFailures,
  listRuns,
  pauseRun,
  type RunDetail,
  type RunStatus,
  type RunView,
  resumeRun,
  retryFailures,
  runExitCode,
  system,
} from "#lib/ingest-runs/index.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { minute, printFields, printJson, printTable, runHead, runRow } from "./output.ts";
import { watchRun } from "./watch-run.ts";

const usage = `usage: npm run runs -- list [--collection <slug>] [--status <status>]… [--limit 50] [--offset 0]
       npm run runs -- show <run>
       npm run runs -- failures <run> [--unresolved] [--limit 50] [--offset 0]
       npm run runs -- pause|resume|cancel|retry <run>
       npm run runs -- watch <run>

  pause     stops it at its next batch; resume queues it again for a worker, at its checkpoint
  cancel    ends it for good; what it has written stays
  retry     a new run that reads the inputs again in which records failed; prints its id
  watch     shows how far it is until it has ended
  --json    one JSON value a line instead of text

Exit codes: 0 done, 1 error. Of show and watch: 0 complete (show: or not ended yet), 2 complete but some records failed,
3 paused or cancelled, 1 failed or cut off.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    collection: { type: "string" },
    status: { type: "string", multiple: true },
    limit: { type: "string" },
    offset: { type: "string" },
    unresolved: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});

type Verb = (deps: Deps, id: string) => Promise<number>;
const page = {
  ...(values.limit !== undefined && { limit: values.limit }),
  ...(values.offset !== undefined && { offset: values.offset }),
};

const verbs: Record<string, Verb> = {
  list: async (deps) => {
    const { runs, total } = await listRuns(deps, system, {
      ...page,
      ...(values.collection !== undefined && { collection: values.collection }),
      ...(values.status && { statuses: values.status as RunStatus[] }),
    });
    if (values.json) for (const run of runs) printJson(run);
    else printTable(runHead, runs.map(runRow));
    if (total > runs.length) say(`${runs.length} of ${total} runs.`);
    return 0;
  },
  show: async (deps, id) => {
    const run = await getRun(deps, system, id);
    if (values.json) printJson(run);
    else show(run);
    return run.status === "queued" || run.status === "running" ? 0 : runExitCode(run);
  },
  failures: async (deps, id) => {
    const { failures, total } = await listFailures(deps, system, id, { ...page, unresolved: values.unresolved });
    if (values.json) for (const failure of failures) printJson(failure);
    else {
      const rows = failures.map(({ file, record, sourceId, code, resolvedBy, reason }) => {
        return [file, record === null ? "" : String(record), sourceId ?? "", code, resolvedBy ? "yes" : "", reason];
      });
      printTable(["FILE", "RECORD", "ID", "CODE", "RESOLVED", "REASON"], rows);
    }
    if (total > failures.length) say(`${failures.length} of ${total} failures.`);
    return 0;
  },
  pause: async (deps, id) => report(await pauseRun(deps, system, id)),
  resume: async (deps, id) => report(await resumeRun(deps, system, id)),
  cancel: async (deps, id) => report(await cancelRun(deps, system, id)),
  retry: async (deps, id) => {
    const run = await retryFailures(deps, system, id);
    if (values.json) printJson(run);
    else process.stdout.write(`${run.id}\n`);
    return 0;
  },
  watch: async (deps, id) => runExitCode(await watchRun(deps, id, values.json)),
};

await runCommand(async () => {
  const [name = "", id] = positionals;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (values.help || !verb || (name !== "list" && id === undefined)) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    return await verb(deps, id ?? "");
  } finally {
    await deps.close();
  }
});

function report(run: RunView): number {
  if (values.json) printJson(run);
  else say(run.wanted ? `${run.id}: ${run.wanted} is asked; it obeys within seconds.` : `${run.id}: ${run.status}`);
  return 0;
}

function show(run: RunDetail): void {
  const { rates } = run;
  printFields({
    run: run.id,
    collection: run.collection,
    source: run.dryRun ? `${run.requestText} (dry run)` : run.requestText,
    status: run.wanted ? `${run.status} (${run.wanted} asked)` : run.status,
    error: run.error,
    at: run.position.note ?? run.position.input,
    read: `${run.read}: ${run.added} added, ${run.updated} updated, ${run.unchanged} unchanged, ${run.deleted} deleted, ${run.marked} marked`,
    failed: run.unresolved === run.failed ? run.failed : `${run.failed}, ${run.unresolved} of them not taken in since`,
    chunks: `${run.chunks} (${run.reused} vectors reused)`,
    rate:
      rates.recordsPerSecond === null ? null : `${rates.recordsPerSecond} records/s, ${rates.chunksPerSecond} chunks/s`,
    asked: `${minute(run.createdAt)} by ${run.requestedBy ?? run.trigger}`,
    "retry of": run.retryOf,
    started: minute(run.startedAt),
    ended: minute(run.finishedAt),
    worker: run.worker,
    attempts: run.attempts,
    "may be": run.actions.join(", "),
  });
}
