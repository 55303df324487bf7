import { parseArgs } from "node:util";
import { findInterruptedRun, findOpenRun, insertRun, migrateDatabase, type RunRow, requestCancel } from "#db/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import {
  checkRetry,
  openRun,
  retryFailures,
  runExitCode,
  type SourceRequest,
  sourceOptions,
  sourceRequestOf,
  sourceUsage,
  startRun,
  system,
} from "#lib/ingest-runs/index.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { failureLine, failureText, printJson, startBar, summary } from "./cli-output.ts";
import { defineCollection, executeRun } from "./index.ts";

const usage = `usage: npm run ingest -- <collection> <file or folder…> [--type <source type>] [--dry-run] [--detach] [--json]
       npm run ingest -- <collection> --source <kind> […]
       npm run ingest -- --retry <run id>

Takes records into a collection: PubMed XML, JATS, guideline PDFs, drug labels, MedlinePlus topics or BEIR corpus.jsonl.
The same again writes nothing, and goes on where it was cut off.

  --type <source type>  how a collection of your own is read, when it is new
  --dry-run             says what would change and writes nothing
  --detach              leaves the run to a worker and prints its id (npm run runs -- watch <id>)
  --retry <run id>      reads the inputs again in which records of that run failed
  --json                a JSON line for each failed record, then one with the counts

${sourceUsage}

Exit codes: 0 all taken in, 2 some records failed (each is named), 3 paused or cancelled meanwhile, 1 error or cut off.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...sourceOptions,
    type: { type: "string" },
    "dry-run": { type: "boolean", default: false },
    detach: { type: "boolean", default: false },
    retry: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  const [slug, ...paths] = positionals;
  const isComplete = values.retry !== undefined || (slug && (paths.length > 0 || values.source !== undefined));
  if (values.help || !isComplete) {
    say(usage);
    return values.help ? 0 : 1;
  }
  // Before anything is opened: a mistyped option is told at once.
  const request = values.retry === undefined ? sourceRequestOf(values, paths) : null;
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    if (values.detach) return await detach(deps, slug, request);
    const id = request ? await ownRun(deps, slug as string, request) : await ownRetry(deps, values.retry as string);
    return await carryOut(deps, id);
  } finally {
    await deps.close();
  }
});

async function detach(deps: Deps, slug: string | undefined, request: SourceRequest | null): Promise<number> {
  if (request) await defineCollection(deps, slug as string, values.type);
  const run = request
    ? await startRun(deps, system, slug as string, request, { dryRun: values["dry-run"] })
    : await retryFailures(deps, system, values.retry as string);
  if (values.json) printJson({ run: run.id, status: run.status });
  else process.stdout.write(`${run.id}\n`);
  return 0;
}

/** The run of this command: the one of the same request that was cut off, or a new one. */
async function ownRun(deps: Deps, slug: string, request: SourceRequest): Promise<string> {
  const collection = await defineCollection(deps, slug, values.type);
  const wanted = { collectionId: collection.id, request, dryRun: values["dry-run"], isSample: false };
  const interrupted = await findInterruptedRun(deps.database, wanted);
  if (interrupted) say(`Going on with the run ${interrupted.id}.`);
  return interrupted?.id ?? insertRun(deps.database, { ...wanted, trigger: "command" });
}

async function ownRetry(deps: Deps, id: string): Promise<string> {
  const { collectionId, request, isSample } = checkRetry(await openRun(deps, system, id));
  return insertRun(deps.database, { collectionId, request, isSample, trigger: "command", retryOf: id });
}

async function carryOut(deps: Deps, id: string): Promise<number> {
  const started = performance.now();
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () =>
      abort.abort(new Error("Interrupted. What was written stays; the same command goes on from there.")),
    );
  }
  const bar = values.json || !process.stderr.isTTY ? null : startBar();
  const secondsSince = () => (performance.now() - started) / 1000;
  let run: RunRow | null;
  try {
    run = await executeRun(deps, id, {
      signal: abort.signal,
      onFailure: (failure) => (values.json ? printJson(failureLine(failure)) : say(failureText(failure))),
      onSkipped: (file) => say(`– ${file}: skipped, not a file of this collection's formats`),
      onProgress: (counts, { input, note }) => {
        const rate = Math.round(counts.chunks / secondsSince());
        bar?.update(counts.read, { ...counts, rate, at: note ?? input?.split("/").at(-1) ?? "" });
      },
    });
  } finally {
    bar?.stop();
  }
  if (!run) return refuse(deps, id);
  const seconds = Math.round(secondsSince() * 100) / 100;
  if (values.json) printJson({ ...countsOf(run), seconds, run: run.id, status: run.status, error: run.error });
  else say(summary(run, seconds));
  if (run.status !== "complete") say(run.error ?? `The run was ${run.status}.`);
  return runExitCode(run);
}

/** The collection is another run's; ours would wait for nobody. */
async function refuse(deps: Deps, id: string): Promise<never> {
  const run = await openRun(deps, system, id);
  if (run.status === "queued") await requestCancel(deps.database, "all", id); // a cut-off one may still be gone on with
  const other = await findOpenRun(deps.database, run.collectionId);
  throw new Error(
    `The collection “${run.collection}” is being changed by another run${other ? ` (${other.id})` : ""}. ` +
      "Wait for its end (npm run runs -- watch <id>), or let a worker take yours up after it (--detach).",
  );
}

function countsOf({ read, added, updated, unchanged, deleted, failed, chunks, reused, marked, dryRun }: RunRow) {
  return { read, added, updated, unchanged, deleted, failed, chunks, reused, marked, dryRun };
}
