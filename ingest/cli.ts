import { parseArgs } from "node:util";
import cliProgress from "cli-progress";
import { migrateDatabase } from "#db/index.ts";
import { openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { defineCollection, ingest, type RecordFailure } from "./index.ts";

const usage = `usage: npm run ingest -- <collection> <file or folder…> [--type <source type>] [--json]

Reads PubMed XML, JATS, guideline PDFs, drug labels, MedlinePlus topics or BEIR corpus.jsonl into a collection.
The same files again write nothing. Exit code: 0 all taken in, 2 some records failed (each is named), 1 the run ended.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, type: { type: "string" }, help: { type: "boolean", short: "h" } },
});

await runCommand(async () => {
  const [slug, ...paths] = positionals;
  if (values.help || !slug || paths.length === 0) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const env = readEnv();
  const deps = await openDeps(env, migrateDatabase);
  const started = performance.now();
  const abort = new AbortController();
  process.once("SIGINT", () =>
    abort.abort(new Error("Interrupted. What was written stays; the same command goes on from there.")),
  );
  const bar = values.json || !process.stderr.isTTY ? null : startBar();
  try {
    const collection = await defineCollection(deps, slug, values.type);
    const counts = await ingest(deps, {
      collection,
      paths,
      signal: abort.signal,
      onFailure: (failure) => (values.json ? printJson(failureLine(failure)) : say(failureText(failure))),
      onSkipped: (file) => say(`– ${file}: skipped, not a file of this collection's formats`),
      onProgress: (progress, file) => {
        const seconds = (performance.now() - started) / 1000;
        const rate = Math.round(progress.chunks / seconds);
        bar?.update(progress.read, { ...progress, rate, file: file.split("/").at(-1) });
      },
    });
    bar?.stop();
    const seconds = Math.round((performance.now() - started) / 10) / 100;
    if (values.json) printJson({ ...counts, seconds });
    else say(summary(counts, seconds));
    return counts.failed > 0 ? 2 : 0;
  } finally {
    bar?.stop();
    await deps.close();
  }
});

function startBar() {
  const format =
    " {value} records · {chunks} chunks · {rate} chunks/s · {failed} failed · {duration_formatted} · {file}";
  const bar = new cliProgress.SingleBar({ format, clearOnComplete: true, hideCursor: true, stream: process.stderr });
  bar.start(0, 0, { chunks: 0, rate: 0, failed: 0, file: "" });
  return bar;
}

function failureLine({ position, sourceId, code, reason }: RecordFailure) {
  const { file, record, offset } = position;
  return { file, position: { record, offset }, sourceId, code, reason };
}

function failureText({ position, sourceId, code, reason }: RecordFailure): string {
  const place = [
    position.record !== null && `record ${position.record}`,
    position.offset !== null && `byte ${position.offset}`,
    sourceId,
  ].filter(Boolean);
  return `✗ ${position.file}${place.length > 0 ? ` (${place.join(", ")})` : ""}: ${reason} [${code}]`;
}

function summary(counts: Awaited<ReturnType<typeof ingest>>, seconds: number): string {
  const { read, added, updated, unchanged, deleted, failed, chunks } = counts;
  return `${read} records read: ${added} added, ${updated} updated, ${unchanged} unchanged, ${deleted} deleted, ${failed} failed; ${chunks} chunks in ${seconds} s`;
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
