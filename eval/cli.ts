import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { abortOnSignal } from "#lib/interruption.ts";
import { alone, openTemporaryDeps } from "#lib/temporary-deps.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { type Evaluation, evaluate } from "./evaluate.ts";
import { evaluationTable, rounded } from "./report.ts";

const usage = `usage: npm run eval -- <BEIR folder> [--split test] [--limit-queries N] [--keep <folder>] [--json]

Measures lexical, dense and hybrid retrieval on a folder with corpus.jsonl, queries.jsonl and qrels/<split>.tsv, in a
database of its own that is removed at the end: on the server that DATABASE_URL names, else an embedded one.
--keep keeps an embedded one in that folder instead, so that the next run need not embed the corpus again.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    split: { type: "string" },
    "limit-queries": { type: "string" },
    keep: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  const [folder, ...rest] = positionals;
  if (values.help || !folder || rest.length > 0) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const limitQueries = values["limit-queries"] === undefined ? undefined : Number(values["limit-queries"]);
  if (limitQueries !== undefined && !(Number.isInteger(limitQueries) && limitQueries > 0)) {
    throw new Error("--limit-queries takes a number of queries, 1 or more.");
  }
  const signal = abortOnSignal("nothing was measured");
  const started = performance.now();
  const env = readEnv();
  const deps = values.keep
    ? await openDeps(alone(env, { DATABASE_URL: undefined, dataDirectory: resolve(values.keep) }), migrateDatabase)
    : await openTemporaryDeps(env);
  let evaluation: Evaluation;
  try {
    evaluation = await evaluate(deps, {
      folder: resolve(folder),
      signal,
      ...(values.split !== undefined && { split: values.split }),
      ...(limitQueries !== undefined && { limitQueries }),
      onProgress: sayProgress(),
    });
  } finally {
    await deps.close();
  }
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...rounded(evaluation), seconds })}\n`
      : `${evaluationTable(evaluation)}\n${seconds} s\n`,
  );
  return 0;
});

/** One line every few seconds; on a terminal one line that is written over. */
function sayProgress() {
  let last = Number.NEGATIVE_INFINITY;
  const pause = process.stderr.isTTY ? 200 : 15_000;
  return (stage: string, done: number, total: number | null) => {
    if (performance.now() - last < pause && done !== total) return;
    last = performance.now();
    const line = `  ${done}${total === null ? "" : ` of ${total}`} ${stage}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}${done === total ? "\n" : ""}` : `${line}\n`);
  };
}
